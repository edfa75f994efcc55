// Lets Istanbul count a run. Arguments: program, folder of the sources, scratch folder. Writes coverage-final.json
// into the scratch folder.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [program, sources, scratch] = process.argv.slice(2);
const require = createRequire(path.join(process.cwd(), 'package.json'));
const { createInstrumenter } = require('istanbul-lib-instrument');

fs.cpSync(sources, scratch, { recursive: true });
for (const entry of fs.readdirSync(sources, { recursive: true })) {
  if (!entry.endsWith('.js')) continue;
  const file = path.join(sources, entry);
  const code = createInstrumenter({ esModules: true }).instrumentSync(fs.readFileSync(file, 'utf8'), file);
  fs.writeFileSync(path.join(scratch, entry), code);
}
const out = path.join(scratch, 'coverage-final.json');
const hook = path.join(scratch, 'hook.cjs');
fs.writeFileSync(
  hook,
  `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(out)}, JSON.stringify(globalThis.__coverage__)));`,
);
const run = spawnSync(process.execPath, ['--require', hook, program, scratch], { stdio: 'inherit' });
process.exit(run.status ?? 1);
