import type { FieldPath } from '../../../base/path.ts';
import { suggest, suggestion } from '../../../base/suggest.ts';
import type { Finding } from '../finding.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import { normalMountPath } from '../../convert/mounts.ts';

const PLAIN_SIGNALS =
  'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ';

/** Linux signals in the API (supportedStopSignalsLinux in pkg/apis/core/validation). */
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
      const word = [stopSignal, `SIG${stopSignal}`].find((text) => suggest(text, signals) !== undefined);
      yield {
        code: 'unknown-signal',
        path: at,
        message: `unknown signal '${stopSignal}'`,
        ...(word === undefined ? {} : suggestion(word, signals)),
      };
    } else if (!hasOs)
      yield {
        code: 'operating-system-missing',
        path: at,
        message: "requires 'os: { name: linux }' in the spec",
      };
  }
}

/**
 * The program name is not empty, and no string passed to execve(2) contains a NUL, its terminator. The API
 * server accepts both, but the container never starts.
 */
export function* checkProgram(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod)) {
    const [program] = value.command ?? [];
    if (program === '')
      yield {
        code: 'invalid-command',
        path: [...path, 'command', 0],
        message: 'must not be empty: this is the program to run',
        help: "Omit 'command' to run the program of the image.",
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
          message: 'must not contain a NUL character',
        };
  }
}

/** The path becomes a mount, and podman splits mount options at colons. */
export function* checkTerminationMessagePath(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod))
    if (value.terminationMessagePath?.includes(':') === true)
      yield {
        code: 'unusable-path',
        path: [...path, 'terminationMessagePath'],
        message: `must not contain ':', got '${value.terminationMessagePath}'`,
      };
    else if (isRoot(value.terminationMessagePath))
      yield {
        code: 'unusable-path',
        path: [...path, 'terminationMessagePath'],
        message: "must be the path of a file, not '/'",
      };
}

/** Undefined or empty means the default. */
function isRoot(path = ''): boolean {
  return path !== '' && normalMountPath(path) === '/';
}

const MAX_DEADLINE_SECONDS = 2 ** 31 - 1;

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#lifecycle */
export function* checkActiveDeadline(pod: PodObject): Iterable<Finding> {
  const { activeDeadlineSeconds: seconds } = pod.value.spec ?? {};
  if (seconds === undefined) return;
  if (seconds < 1 || seconds > MAX_DEADLINE_SECONDS)
    yield {
      code: 'deadline-range',
      path: ['spec', 'activeDeadlineSeconds'],
      message: `must be between 1 and ${MAX_DEADLINE_SECONDS}, got ${seconds}`,
    };
}
