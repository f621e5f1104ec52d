import { isList, isObject, type JsonObject } from '../../../base/json-members.ts';
import { parseJson } from '../../../base/parse-json.ts';
import type { FieldPath } from '../../../base/path.ts';
import type { Json } from '../../../base/stable-json.ts';
import { checkChoice } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkTaints, TAINT_EFFECTS, type Taint } from './taints.ts';

const TAINTS = 'scheduler.alpha.kubernetes.io/taints';
const AVOIDED_PODS = 'scheduler.alpha.kubernetes.io/preferAvoidPods';

/** Annotations of old clusters that hold JSON (ValidateNodeSpecificAnnotations in pkg/apis/core/validation). */
export function* checkNodeAnnotations(
  annotations: Readonly<Record<string, string | undefined>>,
): Iterable<Finding> {
  const { [TAINTS]: taints = '', [AVOIDED_PODS]: avoided = '' } = annotations;
  if (taints !== '') yield* checkTaintsText(taints, ['metadata', 'annotations', TAINTS]);
  if (avoided !== '') yield* checkAvoidedPods(avoided, ['metadata', 'annotations', AVOIDED_PODS]);
}

function* checkTaintsText(text: string, path: FieldPath): Iterable<Finding> {
  const taints = objectsIn(parseJson(text))?.map(readTaint);
  if (taints === undefined) {
    yield invalidJson('a list of taints', path);
    return;
  }
  for (const { effect } of taints) yield* checkChoice(effect, TAINT_EFFECTS, path);
  for (const finding of checkTaints(taints, path)) yield { ...finding, path };
}

function readTaint(object: JsonObject): Taint {
  const { key = '', value = '', effect = '' } = object;
  const text = (member: Json): string => (typeof member === 'string' ? member : '');
  return { key: text(key), value: text(value), effect: text(effect) };
}

/** Every entry names the controller of the pods. */
function* checkAvoidedPods(text: string, path: FieldPath): Iterable<Finding> {
  const json = parseJson(text);
  const entries = isObject(json) ? objectsIn(json['preferAvoidPods'] ?? null) : undefined;
  if (entries === undefined) {
    yield invalidJson('an object with preferAvoidPods', path);
    return;
  }
  for (const { podSignature } of entries) {
    const controller = isObject(podSignature) ? podSignature['podController'] : undefined;
    if (!isObject(controller) || controller['controller'] === false)
      yield { code: 'missing-field', path, message: 'an entry without the podController of a podSignature' };
  }
}

function invalidJson(what: string, path: FieldPath): Finding {
  return { code: 'invalid-json', path, message: `must be ${what}, in JSON` };
}

/** A list of objects; null is an empty list, or an empty object. */
function objectsIn(json: Json | undefined): readonly JsonObject[] | undefined {
  if (json === null) return [];
  if (!isList(json)) return undefined;
  const objects = json.map((item) => item ?? {}).filter((item) => isObject(item));
  return objects.length === json.length ? objects : undefined;
}
