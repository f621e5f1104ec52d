import { ownerNamed } from '../../kube/workloads/owner.ts';
import type { Options } from './option.ts';

/**
 * Where the command begins that `exec` passes on: at `--`, as for kubectl, or at the first word after the pod that is no
 * option, as for podman and compose. `pod/web container/app` and `deploy/web pod/web-1`, which
 * plans print, are one pod.
 * @returns the index of `--` or of the command; the number of arguments if there is no command
 */
export function indexOfPassedCommand(args: readonly string[], options: Options): number {
  let pod: string | undefined;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '--') return index;
    if (arg.startsWith('-') && arg !== '-') {
      if (takesNextArgument(arg, options)) index++;
    } else if (pod === undefined || (arg.startsWith('pod/') && ownerNamed(pod) !== undefined)) pod = arg;
    else if (!pod.startsWith('pod/') || !/^(container|init)\//.test(arg)) return index;
    else pod = arg;
  }
  return args.length;
}

/** Whether the value of an option is the next argument: `-c app`, `-ic app`, `--container app`. */
function takesNextArgument(arg: string, options: Options): boolean {
  if (arg.includes('=')) return false;
  if (arg.startsWith('--')) return options[arg.slice(2)]?.type === 'string';
  const shorts = Array.from(arg.slice(1));
  const first = shorts.findIndex((letter) => optionOf(letter, options)?.type !== 'boolean');
  return first === shorts.length - 1 && optionOf(shorts[first] ?? '', options)?.type === 'string';
}

function optionOf(letter: string, options: Options) {
  return Object.values(options).find(({ short }) => short === letter);
}
