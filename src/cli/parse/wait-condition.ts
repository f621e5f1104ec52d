import { jsonPathText, selectJsonPath } from '../../base/json-path.ts';
import { failure, success, type Result } from '../../base/result.ts';
import { suggestion } from '../../base/suggest.ts';
import { usageError } from '../../engine/failure.ts';
import type { PodView } from '../../engine/pod-facts.ts';
import type { WaitOptions } from '../../engine/wait-for-pods.ts';
import type { PodCondition } from '../../kube/status/conditions.ts';
import type { PodPhase } from '../../kube/status/phase.ts';
import { podItem } from '../../view/status/pod-list.ts';

type Condition = WaitOptions['condition'];

const FORMS = "condition=Ready, phase=Running, jsonpath='{.status.phase}'=Running, delete";

const KINDS: Readonly<Record<string, (given: string, rest: string) => Result<Condition>>> = {
  condition: typeAndStatus,
  phase: phaseCondition,
  jsonpath: pathCondition,
};

/** All of them, so that a mistyped one is not waited for. */
const TYPES: Readonly<Record<PodCondition['type'], true>> = {
  ContainersReady: true,
  Initialized: true,
  PodReadyToStartContainers: true,
  PodScheduled: true,
  Ready: true,
};
const STATUSES = ['True', 'False', 'Unknown'];
const PHASES: Readonly<Record<PodPhase, true>> = {
  Failed: true,
  Pending: true,
  Running: true,
  Succeeded: true,
};

/** The condition of `--for`, in kubectl's notation, and `phase=`. */
export function waitCondition(given: string | undefined): Result<Condition> {
  if (given === undefined)
    return failure([usageError('missing-argument', 'wait needs --for', `For example: ${FORMS}.`)]);
  if (given === 'delete') return success('deleted');
  const [kind, rest = ''] = split(given);
  const parse = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (parse !== undefined && rest !== '') return parse(given, rest);
  const error = usageError('option-value', `invalid value '${given}' for --for`, `Use one of ${FORMS}.`);
  return failure([rest === '' ? { ...error, ...suggestion(kind, ['delete']) } : error]);
}

function typeAndStatus(given: string, rest: string): Result<Condition> {
  const [type, status = 'True'] = split(rest);
  return (
    unknownWord(given, 'condition', type, Object.keys(TYPES)) ??
    unknownWord(given, 'status', status, STATUSES) ??
    success(({ status: { conditions } }) =>
      conditions.some((one) => isSame(one.type, type) && isSame(one.status, status)),
    )
  );
}

function phaseCondition(given: string, phase: string): Result<Condition> {
  return (
    unknownWord(given, 'phase', phase, Object.keys(PHASES)) ??
    success(({ status }) => isSame(status.phase, phase))
  );
}

/** `{.a}`, `{.a}=VALUE`, and the same without braces. Quotes around the value are removed, as kubectl does. */
function pathCondition(given: string, rest: string): Result<Condition> {
  const [, braced, plain, value] = /^(?:(\{.*\})|([^=]+))(?:=(.*))?$/s.exec(rest) ?? [];
  const path = braced ?? plain;
  const wanted = value?.replace(/^['"]+|['"]+$/g, '');
  if (path === undefined || wanted === '')
    return invalid(given, "Use jsonpath='{.a.b}'=VALUE, or jsonpath='{.a.b}' for any value.");
  const tried = selectJsonPath(path, {});
  return tried.ok ? success((view) => selects(view, path, wanted)) : invalid(given, `${tried.error}.`);
}

/** Whether the path has this value, or any value. Several values are none, as in kubectl. */
function selects(view: PodView, path: string, wanted: string | undefined): boolean {
  const found = selectJsonPath(path, JSON.parse(JSON.stringify(podItem(view))));
  if (!found.ok) return false;
  const [value, ...others] = found.value;
  if (wanted === undefined) return value !== undefined;
  return others.length === 0 && value !== undefined && jsonPathText(value) === wanted;
}

function unknownWord(
  given: string,
  what: string,
  word: string,
  known: readonly string[],
): Result<never> | undefined {
  if (known.some((one) => isSame(one, word))) return undefined;
  const message = `invalid value '${given}' for --for: pods have no ${what} '${word}'`;
  return failure([
    { ...usageError('option-value', message, `Use one of ${known.join(', ')}.`), ...suggestion(word, known) },
  ]);
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** At the first `=`. */
function split(text: string): readonly [string, string?] {
  const at = text.indexOf('=');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function invalid(given: string, help: string): Result<never> {
  return failure([usageError('option-value', `invalid value '${given}' for --for`, help)]);
}
