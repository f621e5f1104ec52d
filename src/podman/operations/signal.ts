/** The signals of Linux in the order of their numbers, from 1 on (signal(7), x86 and ARM). */
const SIGNALS =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'
    .split(' ')
    .map((name) => `SIG${name}`);

const SYNONYMS: Readonly<Record<string, string>> = { SIGCLD: 'SIGCHLD', SIGIOT: 'SIGABRT', SIGPOLL: 'SIGIO' };

/** The first and the last real-time signal of the C library. */
const [FIRST_REAL_TIME, LAST_REAL_TIME] = [34, 64];

/**
 * The number of a signal by its name in manifests: `SIGTERM`, `SIGRTMIN+3`. 0 for an unknown name.
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-stop-signals
 */
export function signalNumber(name: string): number {
  const [, edge, distance = '0'] = /^SIGRT(MIN|MAX)(?:[+-](\d+))?$/.exec(name) ?? [];
  if (edge === 'MIN') return FIRST_REAL_TIME + Number(distance);
  if (edge === 'MAX') return LAST_REAL_TIME - Number(distance);
  return SIGNALS.indexOf(SYNONYMS[name] ?? name) + 1;
}

/** The name of a signal by its number, `SIGHUP` for 1; the number itself for a real-time signal. */
export function signalName(number: number): string {
  return SIGNALS[number - 1] ?? String(number);
}
