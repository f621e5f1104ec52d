import { POD_DEFAULTS } from '../../spec/defaults.ts';
import type { FieldPath } from '../../../base/path.ts';
import { suggest } from '../../../base/suggest.ts';
import type { Finding } from '../finding.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import { normalMountPath } from '../../convert/mounts.ts';

const PLAIN_SIGNALS =
  'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ';

/** What the API takes for a signal of Linux (supportedStopSignalsLinux in pkg/apis/core/validation). */
const signals: readonly string[] = [
  ...PLAIN_SIGNALS.split(' '),
  'RTMIN',
  ...Array.from({ length: 15 }, (_, index) => `RTMIN+${index + 1}`),
  ...Array.from({ length: 14 }, (_, index) => `RTMAX-${14 - index}`),
  'RTMAX',
].map((name) => `SIG${name}`);

/** validateLifecycle and validateStopSignal in pkg/apis/core/validation. */
export function* checkStopSignals(pod: PodObject): Iterable<Finding> {
  const hasOs = pod.value.spec?.os?.name !== undefined;
  for (const { path, value } of containersOf(pod)) {
    const { stopSignal } = value.lifecycle ?? {};
    if (stopSignal === undefined || stopSignal === '') continue;
    const at = [...path, 'lifecycle', 'stopSignal'];
    if (!signals.includes(stopSignal)) {
      const suggestion = suggest(stopSignal.toUpperCase(), signals) ?? suggest(`SIG${stopSignal}`, signals);
      yield {
        code: 'unknown-signal',
        path: at,
        message: `'${stopSignal}' is no signal`,
        ...(suggestion === undefined ? {} : { suggestion }),
      };
    } else if (!hasOs)
      yield {
        code: 'operating-system-missing',
        path: at,
        message: "can be set only together with 'os: { name: linux }' in the spec",
      };
  }
}

/** Only one that runs beside the app containers has a life to hook into (validateInitContainers). */
export function* checkInitLifecycle(pod: PodObject): Iterable<Finding> {
  for (const { role, path, value } of containersOf(pod))
    if (role === 'init' && value.restartPolicy !== 'Always' && Object.keys(value.lifecycle ?? {}).length > 0)
      yield {
        code: 'init-lifecycle',
        path: [...path, 'lifecycle'],
        at: 'key',
        message: 'an init container that runs to its end has no lifecycle',
      };
}

/**
 * A program has a name, and no text that it is started with has a NUL in it, which ends a text (execve(2)). The API server
 * takes both, and the container is never started.
 */
export function* checkProgram(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod)) {
    const [program] = value.command ?? [];
    if (program === '')
      yield {
        code: 'invalid-command',
        path: [...path, 'command', 0],
        message: 'must not be empty: it is the name of the program',
        help: "Leave 'command' out to run the program of the image.",
      };
    const texts: readonly (readonly [FieldPath, string | undefined])[] = [
      ...(value.command ?? []).map((word, index) => [['command', index], word] as const),
      ...(value.args ?? []).map((word, index) => [['args', index], word] as const),
      ...(value.volumeMounts ?? []).flatMap(({ mountPath, subPath, subPathExpr }, index) =>
        Object.entries({ mountPath, subPath, subPathExpr }).map(
          ([field, text]) => [['volumeMounts', index, field], text] as const,
        ),
      ),
      [['workingDir'], value.workingDir],
    ];
    for (const [field, text] of texts)
      if (text?.includes('\0') === true)
        yield {
          code: 'invalid-character',
          path: [...path, ...field],
          message: 'must not have a NUL character in it: it would end the text there',
        };
  }
}

/** The path is that of a mount, and podman splits what it is told of mounts at their colons. */
export function* checkTerminationMessagePath(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod))
    if (value.terminationMessagePath?.includes(':') === true)
      yield {
        code: 'invalid-path',
        path: [...path, 'terminationMessagePath'],
        message: `must not have ':' in it, got '${value.terminationMessagePath}'`,
      };
    else if (isRoot(value.terminationMessagePath))
      yield {
        code: 'invalid-path',
        path: [...path, 'terminationMessagePath'],
        message: 'must be that of a file, and not the root',
      };
}

/** Left out, or empty, it is the usual one. */
function isRoot(path = ''): boolean {
  return path !== '' && normalMountPath(path) === '/';
}

const LONGEST_DEADLINE = 2 ** 31 - 1;

/** Kept by the kubelet on a cluster (pkg/kubelet/active_deadline.go). Here nothing runs that could keep it later on. */
export function* checkActiveDeadline(pod: PodObject): Iterable<Finding> {
  const { activeDeadlineSeconds: seconds, restartPolicy = POD_DEFAULTS.restartPolicy } = pod.value.spec ?? {};
  if (seconds === undefined) return;
  const path = ['spec', 'activeDeadlineSeconds'];
  if (seconds < 1 || seconds > LONGEST_DEADLINE)
    yield {
      code: 'deadline-range',
      path,
      message: `must be between 1 and ${LONGEST_DEADLINE}, got ${seconds}`,
    };
  else if (restartPolicy !== 'Never')
    yield {
      code: 'deadline-kept-by-up',
      severity: 'warning',
      path,
      message: 'is kept only for as long as up waits for the pod, or follows its logs',
      help: "podman itself stops containers after a time only where nothing starts them again: with 'restartPolicy: Never'.",
    };
}
