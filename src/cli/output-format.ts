import { renderJsonPath } from '../base/json-path.ts';
import { success, type Result } from '../base/result.ts';
import { escapeUnsafe } from '../base/sanitize.ts';
import { usageError } from '../engine/failure.ts';
import { yamlText } from '../view/plan/yaml-text.ts';

/** The value of `--output`. */
export type Format = ObjectFormat | { readonly kind: 'table' | 'wide' | 'name' };

/** A format that shows objects of Kubernetes. */
export type ObjectFormat =
  { readonly kind: 'json' | 'yaml' } | { readonly kind: 'jsonpath'; readonly template: string };

const FORMATS = ['wide', 'json', 'yaml', 'name'] as const;

/** @param output the value of `--output`; absent for a table */
export function formatOf(output: string | undefined): Result<Format> {
  if (output === undefined) return success({ kind: 'table' });
  const known = FORMATS.find((format) => format === output);
  if (known !== undefined) return success({ kind: known });
  const [, template] = /^jsonpath=(.*)$/s.exec(output) ?? [];
  if (template === undefined)
    return invalidOption('output', output, `Use one of ${FORMATS.join(', ')}, jsonpath=TEMPLATE.`);
  const tried = renderJsonPath(template, {});
  return tried.ok
    ? success({ kind: 'jsonpath', template })
    : invalidOption('output', output, `${tried.error}.`);
}

/** An option with a value that it does not take. */
export function invalidOption(option: string, given: string, help: string): Result<never> {
  return {
    ok: false,
    error: [usageError('option-value', `invalid value '${given}' for --${option}`, help)],
  };
}

export function isObjectFormat(format: Format): format is ObjectFormat {
  return format.kind === 'json' || format.kind === 'yaml' || format.kind === 'jsonpath';
}

/** An object, or a list, in a format. */
export function objectText(format: ObjectFormat, object: object): string {
  switch (format.kind) {
    case 'json':
      return `${escapeUnsafe(JSON.stringify(object, undefined, 4))}\n`;
    case 'yaml':
      return yamlText(object);
    case 'jsonpath': {
      const rendered = renderJsonPath(format.template, object);
      return rendered.ok ? rendered.value : '';
    }
  }
}
