import type { DiagnosticRows } from './row.ts';

/** The command line, its files, and podpose's own directories. */
export const USAGE = {
  'no-verb': ['No command is given.', '`podpose -f pod.yaml`', 'Add a command; `podpose --help` lists them.'],
  'unknown-verb': [
    'Unknown command.',
    '`podpose upp`',
    'Check the spelling; `podpose --help` lists the commands.',
  ],
  'wait-timeout': [
    '`wait`, or `up` with `--timeout`, has reached its time limit.',
    '`podpose wait --for condition=Ready --timeout 5s web`',
    '`podpose describe pod web` shows its state; `--timeout` sets another limit.',
  ],
  'missing-argument': [
    'A command lacks an argument.',
    '`podpose exec web`',
    'Add what the message names; `podpose COMMAND --help` shows the usage.',
  ],
  'unknown-option': [
    'Unknown option of the command.',
    '`podpose up --dettach`',
    '`podpose COMMAND --help` lists its options.',
  ],
  'option-value': [
    'An option has an invalid value, lacks one, or takes none.',
    '`podpose up --timeout soon`',
    'Use a value of the form that the message shows.',
  ],
  'needs-yes': [
    'Something would be removed, and there is no terminal to ask on.',
    '`podpose down -v` in a CI job',
    'Add `--yes`, or omit the option that removes.',
  ],
  'no-field': [
    '`explain` has no field or kind to explain.',
    '`podpose explain`',
    'Add one: `podpose explain pod.spec.containers`.',
  ],
  'no-manifest': [
    'No manifest is given, and the directory has none of the default files.',
    '`podpose up` in an empty directory',
    'Add a file or a directory: `podpose up pod.yaml`.',
  ],
  'file-is-url': [
    'A manifest is given as a URL.',
    '`podpose up https://example.com/pod.yaml`',
    'Download it: `curl -fsSL URL | podpose up -`.',
  ],
  'file-missing': ['No such file or directory.', '`podpose up pdo.yaml`', 'Check the name.'],
  'file-type': [
    'A manifest is not a regular file.',
    '`podpose up /dev/sda`',
    'Use a regular file, or `-` for standard input.',
  ],
  'file-unwritable': [
    'A manifest, or the file that `PODPOSE_TRACE` names, cannot be written.',
    '`podpose fix --write` with a read-only directory',
    'Check the permissions of the file and its directory.',
  ],
  'file-unreadable': [
    'A manifest or a directory cannot be read.',
    'a file with mode 0600 of another user',
    'Check its permissions: `ls -l FILE`.',
  ],
  'folder-empty': [
    'A directory has no `.yaml`, `.yml` or `.json` file.',
    '`podpose up images/`',
    'Use another directory, or a file.',
  ],
  'kustomize-failed': [
    'The directory given with `-k` is no kustomization, or kustomize cannot build it.',
    '`podpose up -k overlays/dev` with a `resources` entry that does not exist',
    'Correct what the message quotes. With options of its own, run it yourself: `kustomize build --enable-helm DIR | podpose up -`.',
  ],
  'kustomize-missing': [
    '`-k` needs `kustomize` or `kubectl`, and neither was found.',
    '`podpose up -k overlays/dev` in a minimal container',
    'Install one of them, or pipe what it prints on another machine to `podpose up -`.',
  ],
  'kustomize-warning': [
    'kustomize has built the kustomization given with `-k`, and printed a warning.',
    '`bases` in a `kustomization.yaml`',
    'Do what the message says, or ignore it.',
  ],
  'project-name': [
    'Invalid project name.',
    '`podpose up -p My_App`',
    'Use at most 63 lower-case letters, digits and dashes, with a letter or digit at both ends.',
  ],
  'whole-pods-only': [
    'The command accepts whole pods only, not a container.',
    '`podpose down hello/web`',
    'Use the name of the pod: `podpose down hello`.',
  ],
  'no-such-pod': ['No such pod.', '`podpose logs wbe`', '`podpose ps --all` lists all pods.'],
  'no-such-container': [
    'No such container in the pods.',
    '`podpose logs web -c ngnix`',
    'Use one of the names in the message.',
  ],
  'no-such-project': [
    'The project has no pods.',
    '`podpose logs -p shpo`',
    '`podpose ps --all` lists the pods of all projects.',
  ],
  'two-containers': [
    'A command that runs in one container has several.',
    '`podpose exec web/app web/proxy -- ls`',
    'Run it once for each container.',
  ],
  'two-projects': [
    'The named pods belong to more than one project.',
    '`podpose logs web db`',
    'Use pods of one project at a time.',
  ],
  'other-project': [
    'A pod, container or volume belongs to another project.',
    '`podpose up -p a` with a pod of project `b`',
    'Use `-p` with the project that owns it, or rename the pod or PersistentVolumeClaim.',
  ],
  'runtime-directory': [
    '`XDG_RUNTIME_DIR` is a directory that podman cannot use.',
    'a shell after `su`',
    'Log in as this user, or export the value that the message shows.',
  ],
  'systemd-unreachable': [
    'The systemd of this user cannot be reached.',
    '`podpose install` after `su`, or in a container without systemd',
    'Log in as this user, or have another supervisor run `podpose up`.',
  ],
  'systemd-failed': [
    'systemd has refused or failed to start the unit of a project.',
    '`podpose install` with an image that cannot be pulled',
    'Read the log: `journalctl --user -u podpose-PROJECT.service`.',
  ],
  'unit-not-own': [
    'A unit of the same name exists that podpose did not write.',
    '`podpose install -p web` with an own `podpose-web.service`',
    'Move the unit away, or choose another project name.',
  ],
  'lock-directory': [
    'The lock directory is not usable.',
    '`/run/user/1000` is full, or others can write to it',
    'Free space, or set `XDG_RUNTIME_DIR` to a directory that only you can write to.',
  ],
} as const satisfies DiagnosticRows;
