import { Ajv } from 'ajv';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const validate = new Ajv({ allErrors: true, strict: true, strictTypes: false }).compile(
  JSON.parse(
    readFileSync(join(import.meta.dirname, '../../schemas/progress-1.schema.json'), 'utf8'),
  ) as object,
);

export type ProgressLine = Readonly<Record<string, unknown>>;

/** Parses standard error of `--progress json`: each line must match schemas/progress-1.schema.json. */
export function progressLines(text: string): readonly ProgressLine[] {
  if (text === '') return [];
  assert.ok(text.endsWith('\n'), `the last line has no end: ${text}`);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        assert.fail(`no JSON: ${line}`);
      }
      validate(value);
      assert.deepEqual(validate.errors ?? [], [], line);
      return value as ProgressLine;
    });
}
