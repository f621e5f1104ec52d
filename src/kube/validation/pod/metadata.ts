import type { FieldPath } from '../../../base/path.ts';
import type { Finding } from '../finding.ts';
import type { CheckedDocument } from '../../../manifest/checked-document.ts';
import { checkLabelWords } from '../label-selector.ts';
import { labelKeyProblem } from '../names.ts';
import { checkNodeLabel } from '../scheduling/node-labels.ts';
import type { PodObject } from '../../spec/pod-object.ts';

/** Bytes: keys and values of all annotations of one object (TotalAnnotationSizeLimitB in apimachinery). */
const MAX_ANNOTATION_BYTES = 256 * 1024;

/** The prefix of podpose's own labels. */
const OWN_PREFIX = 'podpose.';

export function* checkLabels({ value: { metadata } }: CheckedDocument): Iterable<Finding> {
  yield* checkLabelWords(metadata?.labels ?? {}, ['metadata', 'labels']);
}

export function* checkOwnLabels({ value: { metadata } }: CheckedDocument): Iterable<Finding> {
  for (const key of Object.keys(metadata?.labels ?? {}))
    if (key.startsWith(OWN_PREFIX))
      yield {
        code: 'reserved-label',
        path: ['metadata', 'labels', key],
        at: 'key',
        message: `the label prefix '${OWN_PREFIX}' is reserved for podpose`,
      };
}

/** Invalid labels are reported although no node is selected here. */
export function* checkNodeSelector({ value: { spec } }: PodObject): Iterable<Finding> {
  const path = ['spec', 'nodeSelector'];
  yield* checkLabelWords(spec?.nodeSelector ?? {}, path);
  for (const label of Object.keys(spec?.nodeSelector ?? {}))
    yield* checkNodeLabel(label, [...path, label], 'key');
}

export function* checkAnnotations({ value: { metadata } }: CheckedDocument): Iterable<Finding> {
  yield* checkAnnotationKeys(metadata?.annotations ?? {}, ['metadata', 'annotations']);
}

/** ValidateAnnotations in apimachinery. The prefix of an annotation key may contain uppercase letters. */
export function* checkAnnotationKeys(
  values: Readonly<Record<string, string | undefined>>,
  path: FieldPath,
): Iterable<Finding> {
  const annotations = Object.entries(values);
  for (const [key] of annotations) {
    const message = labelKeyProblem(key.toLowerCase());
    if (message !== undefined) yield { code: 'invalid-annotation', path: [...path, key], at: 'key', message };
  }
  const size = annotations.reduce((sum, [key, value = '']) => sum + bytes(key) + bytes(value), 0);
  if (size > MAX_ANNOTATION_BYTES)
    yield {
      code: 'invalid-annotation',
      path,
      at: 'key',
      message: `must have at most ${MAX_ANNOTATION_BYTES} bytes in total, got ${size}`,
    };
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
