import { isNear, warnedField } from '../../test/oracle/near.ts';
import { ruleOf } from '../../src/base/diagnostic-code.ts';
import type { PodposeVerdict } from '../../test/oracle/podpose-verdict.ts';
import type { Answer } from './ask-oracle.ts';

/** A manifest on which podpose and the server differ. */
export interface Disagreement {
  readonly side: 'false accept' | 'false reject' | 'other field' | 'no warning';
  /** The same for manifests that are refused, or not, for the same reason at the same field. */
  readonly key: string;
}

/** How podpose and the server differ on a manifest of this kind; undefined where they agree or the server has no say. */
export function disagreement(
  kind: string,
  server: Answer,
  podpose: PodposeVerdict,
): Disagreement | undefined {
  if (server.verdict === 'unknown' || (server.verdict === 'reject') === podpose.isRejected) return undefined;
  const side = server.verdict === 'reject' ? 'false accept' : 'false reject';
  const [reason] = server.verdict === 'reject' ? server.reasons.map(reasonShape) : kubernetesShapes(podpose);
  return { side, key: `${side}  ${kind}  ${reason ?? ''}` };
}

/**
 * Where both reject and podpose has no error at a field that the server names, or above or below it; where both accept and
 * podpose says nothing at the field of a warning. Some fields that the server names are not those that the file has.
 */
export function finerDisagreement(
  kind: string,
  server: Answer,
  podpose: PodposeVerdict,
): Disagreement | undefined {
  if (server.verdict === 'reject' && podpose.isRejected) {
    // Errors of decoding have no indexes and end at the first; an unknown field has no path in podpose's errors.
    const isFound = server.reasons.some(
      ({ field, type }) =>
        !type.startsWith('FieldValue') ||
        podpose.errors.some(({ path }) => path === undefined || isNear(path, field)),
    );
    const [reason] = server.reasons;
    if (isFound || reason === undefined) return undefined;
    return { side: 'other field', key: `other field  ${kind}  ${reasonShape(reason)}` };
  }
  if (server.verdict !== 'accept' || podpose.isRejected) return undefined;
  const told = [...podpose.errors, ...podpose.warnings];
  const missing = server.warnings.find((text) => !told.some(({ path }) => isNear(path, warnedField(text))));
  if (missing === undefined) return undefined;
  return { side: 'no warning', key: `no warning  ${kind}  ${genericField(textShape(missing))}` };
}

/** The errors of podpose for which it takes Kubernetes' word. */
function kubernetesShapes({ errors }: PodposeVerdict): readonly string[] {
  return errors
    .filter((error) => ruleOf(error.code) === 'kubernetes')
    .map(({ code, path, message }) => `${code}  ${genericField(path ?? '')}  ${textShape(message)}`);
}

/** The field, the type and the words of an error without what is only in this manifest. */
export function reasonShape({ field, type, detail }: Answer['reasons'][number]): string {
  return `${genericField(field)}  ${type}  ${textShape(withoutValue(detail))}`;
}

/** A field without indexes and keys of maps. */
export function genericField(field: string): string {
  return field.replace(/\[[^\]]*\]/g, '[]');
}

/** `Invalid value: VALUE: why` without the value. */
function withoutValue(detail: string): string {
  const match =
    /^(Invalid value|Unsupported value|Duplicate value|Too long|Too many|Not found): (?:"(?:\\.|[^"\\])*"|\{.*\}|\[.*\]|[^:]*)(?:: (.*))?$/s.exec(
      detail,
    );
  return match === null ? detail : `${match[1] ?? ''}: ${match[2] ?? ''}`;
}

function textShape(text: string): string {
  return text
    .replace(/"(?:\\.|[^"\\])*"|'[^']*'/g, '"…"')
    .replace(/\d+/g, 'N')
    .replace(/\s+/g, ' ')
    .slice(0, 140);
}
