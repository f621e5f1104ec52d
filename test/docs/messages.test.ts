import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';

const SOURCES = join(import.meta.dirname, '../../src');

/** Published in docs/diagnostics.md; 'podpose explain CODE' shows it in single quotes. */
const MARKDOWN = join('view', 'diagnostics', 'reference');

/* As kubectl and docker write them: 'podpose ps'. The documentation of Kubernetes' own fields stays as it is. */
test('no message has a backtick: commands and names are in single quotes', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.includes('generated') && !file.startsWith(MARKDOWN),
  );
  assert.ok(files.length > 100);
  assert.deepEqual(files.flatMap(textsWithBackticks), []);
});

function textsWithBackticks(file: string): readonly string[] {
  const text = readFileSync(join(SOURCES, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const isText = ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node);
    if (isText && node.text.includes('`')) found.push(`${file}: ${node.text}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
