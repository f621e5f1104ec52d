import type { Argument, Command, PlainCommand } from './argument.ts';

/*
 * If an image lacks the working directory, it is created in the container's own layer, like the runtimes of clusters do
 * (prepareRootfs in libcontainer/rootfs_linux.go of runc): podman itself does not start such a container. A directory
 * at or below a mount is created by the runtime.
 */

interface InWorkingDir {
  /** podman's name of the container. */
  readonly name: string;
  readonly workingDir: string;
}

/**
 * Runs a command that starts a container in the background. Only if podman reports a missing working directory, it is
 * created and the start is retried: otherwise this costs nothing.
 */
export function startInBackground(
  args: readonly Argument[],
  { name, workingDir }: InWorkingDir,
  podman: string,
): Command {
  return { program: 'sh', args: ['-c', TRY, podman, name, workingDir, MAKE, ...args] };
}

/** `podman start`, for a working directory that the image may lack. */
export function startCommand(name: string, workingDir: string | undefined, podman: string): PlainCommand {
  const start = ['start', name];
  return workingDir === undefined
    ? { program: 'podman', args: start }
    : { program: 'sh', args: ['-c', TRY, podman, name, workingDir, MAKE, ...start] };
}

/**
 * Creates a container, then its working directory, and runs it in the foreground. The directory must exist before the
 * start: podman's error could not be distinguished from the container's output.
 * @param create the arguments of `podman create`
 * @param input whether the container reads standard input, which may be the rest of a pasted plan
 */
export function startInForeground(
  create: readonly Argument[],
  { name, workingDir }: InWorkingDir,
  input: 'open' | 'none',
  podman: string,
): Command {
  const script = CREATE + START + (input === 'open' ? ' --interactive' : ' </dev/null');
  return { program: 'sh', args: ['-c', script, podman, name, workingDir, MAKE, ...create] };
}

/** `podman start --attach` of a created container; its working directory is created first. */
export function attachCommand(
  name: string,
  workingDir: string | undefined,
  input: 'open' | 'none',
  podman: string,
): PlainCommand {
  if (workingDir === undefined)
    return {
      program: 'podman',
      args: ['start', '--attach', ...(input === 'open' ? ['--interactive'] : []), name],
    };
  const script = WORDS + START + (input === 'open' ? ' --interactive' : ' </dev/null');
  return { program: 'sh', args: ['-c', script, podman, name, workingDir, MAKE] };
}

/** `$0` is podman, `$1` the container, `$2` the directory and `$3` the script that creates it. */
const TRY = [
  'name=$1; dir=$2; make=$3; shift 3; exec 3>&1 </dev/null',
  'said=$("$0" "$@" 2>&1 >&3 3>&-); code=$?',
  'case $said in *"workdir "*" does not exist on container "*) ' +
    '"$0" unshare sh -c "$make" "$0" "$name" "$dir" && exec "$0" start "$name"; exit ;; esac',
  '[ -z "$said" ] || printf "%s\\n" "$said" >&2',
  'exit "$code"',
].join('; ');

const WORDS = 'name=$1; dir=$2; make=$3; shift 3; ';
const CREATE = `${WORDS}"$0" "$@" >/dev/null && `;
const START = '"$0" unshare sh -c "$make" "$0" "$name" "$dir" </dev/null && exec "$0" start --attach "$name"';

/**
 * Walks down the path from the root of the container, which is also `/` for symbolic links: no link leads to the
 * machine, and `..` not above the root. Nothing else runs in a container that was not started.
 */
const MAKE = [
  'fail() { echo "Error: workdir $dir: $*" >&2; exit 125; }',
  'dir=$2 todo=$2 links=0',
  'root=$("$0" mount "$1") || exit 125',
  `trap '"$0" umount "$1" >/dev/null' EXIT`,
  'cd -P "$root" && root=$PWD && umask 022 || exit 125',
  'while [ -n "$todo" ]; do part=${todo%%/*}; case $todo in */*) todo=${todo#*/} ;; *) todo= ;; esac; ' +
    'case $part in ""|.) continue ;; ..) [ "$PWD" = "$root" ] || cd -P .. || exit 125; continue ;; esac; ' +
    'if [ -L "./$part" ]; then links=$((links + 1)); [ "$links" -le 40 ] || fail too many symbolic links; ' +
    'to=$(readlink "./$part") || exit 125; case $to in /*) cd -P "$root" || exit 125 ;; esac; todo=$to/$todo; ' +
    'else [ -d "./$part" ] || why=$(mkdir "./$part" 2>&1) || fail "$why"; ' +
    'cd -P "./$part" || exit 125; fi; done',
].join('; ');
