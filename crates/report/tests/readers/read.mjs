// Reads every output with a reader of its field and compares the totals that it finds.
// Arguments: folder of the outputs, folder of the sources. Standard input: the totals expected of each file.
//
// The packages stand in the working folder, this file does not: hence `createRequire`.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [outputs, sources] = process.argv.slice(2);
const require = createRequire(path.join(process.cwd(), 'package.json'));
const load = async (name) => {
  const module = await import(pathToFileURL(require.resolve(name)).href);
  return module.default ?? module;
};
const text = (name) => fs.readFileSync(path.join(outputs, name), 'utf8');
const json = (name) => JSON.parse(text(name));
const beside = (name) => fs.readFileSync(path.join(import.meta.dirname ?? path.dirname(process.argv[1]), name), 'utf8');
const expected = JSON.parse(fs.readFileSync(0, 'utf8'));
const files = Object.keys(expected).sort();

/** Totals as `{ functions: [covered, total], branches, lines }`. */
const pair = ({ covered, total }) => [covered, total];
const of = (name, kinds = ['functions', 'branches', 'lines']) =>
  Object.fromEntries(kinds.map((kind) => [kind, pair(expected[name][kind])]));

const readers = {
  async istanbul() {
    const { createCoverageMap } = await load('istanbul-lib-coverage');
    const map = createCoverageMap(json('coverage-final.json'));
    assert.deepEqual(map.files().sort(), files);
    for (const name of files) {
      const found = map.fileCoverageFor(name).toSummary();
      assert.deepEqual(
        { functions: pair(found.functions), branches: pair(found.branches), lines: pair(found.lines) },
        of(name),
      );
    }
    // Merging with itself doubles every count and adds no entry.
    const twice = createCoverageMap(json('coverage-final.json'));
    twice.merge(json('coverage-final.json'));
    for (const name of files) {
      const [one, two] = [map.fileCoverageFor(name), twice.fileCoverageFor(name)];
      assert.deepEqual(Object.values(two.b).flat(), Object.values(one.b).flat().map((count) => 2 * count));
    }
    await render(map);
  },

  async 'json-summary'() {
    const found = json('coverage-summary.json');
    assert.deepEqual(Object.keys(found).sort(), [...files, 'total'].sort());
    for (const name of files) {
      const { functions, branches, lines } = found[name];
      assert.deepEqual({ functions: pair(functions), branches: pair(branches), lines: pair(lines) }, of(name));
    }
  },

  async lcov() {
    const { lcovParser } = await load('@friedemannsommer/lcov-parser');
    const sections = await lcovParser({ from: text('lcov.info') });
    assert.deepEqual(sections.map((section) => section.path).sort(), files);
    for (const { path: name, functions, branches, lines } of sections) {
      const found = { functions, branches, lines };
      const stated = Object.entries(found).map(([kind, { hit, instrumented }]) => [kind, [hit, instrumented]]);
      assert.deepEqual(Object.fromEntries(stated), of(name));
      for (const [kind, { details, hit, instrumented }] of Object.entries(found)) {
        assert.equal(details.length, instrumented, kind);
        assert.equal(details.filter((detail) => (detail.hit ?? detail.taken) > 0).length, hit, kind);
      }
    }
    genhtml();
  },

  async cobertura() {
    await validate('cobertura-coverage.xml', 'cobertura.rng');
    const { parseContent } = await load('cobertura-parse');
    const found = await new Promise((resolve, reject) =>
      parseContent(text('cobertura-coverage.xml'), (error, result) => (error ? reject(error) : resolve(result))),
    );
    assert.deepEqual(found.map((file) => file.file).sort(), files);
    for (const { file: name, functions, branches } of found) {
      assert.deepEqual(
        { functions: [functions.hit, functions.found], branches: [branches.hit, branches.found] },
        of(name, ['functions', 'branches']),
      );
    }
  },

  async sonar() {
    await validate('sonar-coverage.xml', 'sonar.rng');
  },

  async codecov() {
    const { coverage } = json('codecov.json');
    assert.deepEqual(Object.keys(coverage).sort(), files);
    for (const value of Object.values(coverage).flatMap(Object.values)) {
      assert.match(String(value), /^\d+(\/\d+)?$/);
    }
  },

  /** Functions have the same counts; lines too, but this reader takes a line for run unless a range holds all of it. */
  async v8() {
    const toIstanbul = await load('v8-to-istanbul');
    const { createCoverageMap } = await load('istanbul-lib-coverage');
    const ours = createCoverageMap(json('coverage-final.json'));
    const scripts = json('v8.json').result;
    const found = scripts.map(({ url }) => path.relative(sources, fileURLToPath(url)));
    assert.deepEqual([...found].sort(), files);
    for (const { ranges } of scripts.flatMap((script) => script.functions)) checkNesting(ranges);
    for (const [index, script] of scripts.entries()) {
      const reader = toIstanbul(fileURLToPath(script.url), 0);
      await reader.load();
      reader.applyCoverage(script.functions);
      const theirs = createCoverageMap(reader.toIstanbul());
      const file = theirs.fileCoverageFor(theirs.files()[0]);
      const own = ours.fileCoverageFor(found[index]);
      const calls = ({ fnMap, f }) => Object.keys(fnMap).map((id) => `${fnMap[id].name} ${f[id]}`);
      assert.deepEqual(calls(file).sort(), calls(own).sort());
      const lines = file.getLineCoverage();
      for (const [line, hits] of Object.entries(own.getLineCoverage())) {
        if (hits > 0) assert.ok(lines[line] > 0, `${found[index]}:${line}`);
      }
      const isDead = (counts) => Object.values(counts).some((hits) => hits === 0);
      assert.equal(isDead(lines), Object.values(own.f).includes(0), found[index]);
    }
    c8();
  },

  async sarif() {
    const Ajv = await load('ajv-draft-04');
    const addFormats = await load('ajv-formats');
    const schema = require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
    const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
    addFormats(ajv);
    const check = ajv.compile(schema);
    assert.ok(check(json('coverage.sarif')), JSON.stringify(check.errors, null, 2));
    assert.ok(!check({ version: '2.1.0' }), 'the schema accepts anything');
    const { results } = json('coverage.sarif').runs[0];
    const prints = results.map((result) => result.partialFingerprints['pathlight/v1']);
    assert.equal(new Set(prints).size, prints.length);
  },

  async markdown() {
    const { marked } = await load('marked');
    const tables = marked.lexer(text('coverage.md')).filter((token) => token.type === 'table');
    assert.equal(tables[0].rows.length, 1 + files.length);
    for (const { header, rows } of tables) {
      for (const row of rows) assert.equal(row.length, header.length);
    }
    assert.doesNotMatch(marked.parse(text('coverage.md')), /<script|<img/i);
  },

  async github() {
    const lines = text('annotations.txt').trimEnd().split('\n');
    assert.ok(lines.length > 0 && lines.length <= 10);
    for (const line of lines) {
      assert.match(line, /^::warning file=[^,:]+,line=\d+,endLine=\d+,title=[^,:]+::.+$/);
    }
  },
};

/** lcov's own reader: a page for each file, and the totals that it prints. */
function genhtml() {
  const dir = path.join(outputs, 'genhtml');
  const args = ['--branch-coverage', '--output-directory', dir, path.join(outputs, 'lcov.info')];
  const { error, status, stdout, stderr } = spawnSync('genhtml', args, { cwd: sources, encoding: 'utf8' });
  assert.ok(!error, `the tests need genhtml: \`apt-get install lcov\` (${error})`);
  assert.equal(status, 0, stderr);
  const pages = fs.readdirSync(dir, { recursive: true }).filter((name) => name.endsWith('.gcov.html'));
  assert.equal(pages.length, files.length);
  const printed = ['functions', 'branches', 'lines'].map((kind) => {
    const [, covered, total] = new RegExp(`${kind}\\.*: .*\\((\\d+) of (\\d+) `).exec(stdout) ?? [];
    return [kind, [Number(covered), Number(total)]];
  });
  const sums = printed.map(([kind]) => {
    const all = files.map((name) => expected[name][kind]);
    return [kind, [all.reduce((sum, { covered }) => sum + covered, 0), all.reduce((sum, { total }) => sum + total, 0)]];
  });
  assert.deepEqual(printed, sums);
}

/** What a Node team runs over a folder of NODE_V8_COVERAGE. */
function c8() {
  const folder = path.join(outputs, 'v8');
  fs.mkdirSync(folder);
  fs.copyFileSync(path.join(outputs, 'v8.json'), path.join(folder, 'coverage-1-1-0.json'));
  const program = path.join(path.dirname(require.resolve('c8/package.json')), 'bin/c8.js');
  const dir = path.join(outputs, 'c8');
  const args = [program, 'report', '--temp-directory', folder, '--reports-dir', dir, '--reporter', 'json-summary'];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: sources, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const { total, ...found } = json('c8/coverage-summary.json');
  const functions = Object.entries(found).map(([name, of]) => [path.relative(sources, name), pair(of.functions)]);
  assert.deepEqual(Object.fromEntries(functions), Object.fromEntries(files.map((name) => [name, pair(expected[name].functions)])));
}

/** V8's rules: each range lies in the first one and in those around it, and says another count than they do. */
function checkNesting(ranges) {
  const open = [];
  for (const range of ranges) {
    while (open.length > 1 && open.at(-1).endOffset <= range.startOffset) open.pop();
    const around = open.at(-1);
    if (around) {
      assert.ok(around.startOffset <= range.startOffset && range.endOffset <= around.endOffset, 'nesting');
      assert.notEqual(range.count, around.count);
    }
    open.push(range);
  }
}

/** Every reporter of Istanbul's, into a folder that is thrown away. */
async function render(map) {
  const { createContext } = await load('istanbul-lib-report');
  const reports = await load('istanbul-reports');
  const sourceFinder = (name) => fs.readFileSync(path.join(sources, name), 'utf8');
  const dir = (name) => path.join(outputs, 'istanbul', name);
  for (const name of ['html', 'html-spa', 'lcov', 'cobertura', 'clover', 'json', 'json-summary']) {
    reports.create(name).execute(createContext({ dir: dir(name), coverageMap: map, sourceFinder }));
  }
  assert.match(fs.readFileSync(path.join(dir('html'), 'index.html'), 'utf8'), /All files/);
}

async function validate(name, schema) {
  const { validateXML } = await load('xmllint-wasm');
  const lint = (contents) =>
    validateXML({
      xml: { fileName: name, contents },
      schema: { fileName: schema, contents: beside(schema) },
      extension: 'relaxng',
    });
  const result = await lint(text(name));
  assert.ok(result.valid, result.rawOutput);
  const broken = await lint(text(name).replace('</coverage>', '<strange/></coverage>'));
  assert.ok(!broken.valid, 'the validator accepts anything');
}

for (const [name, read] of Object.entries(readers)) {
  await read().catch((error) => {
    throw new Error(`${name}: ${error.stack}`);
  });
  console.log(name);
}
