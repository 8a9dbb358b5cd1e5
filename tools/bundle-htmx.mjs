// Joins htmx and its extensions into one file, in the order given. One file, because htmx starts itself
// right after its own script: an extension that arrives later in a file of its own would come too late.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const [output, ...parts] = process.argv.slice(2);
const bundle = parts
  .map(part => readFileSync(part, 'utf8').replace(/\n\/\/# sourceMappingURL=.*$/m, '').trimEnd())
  .join('\n');
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, bundle + '\n');
