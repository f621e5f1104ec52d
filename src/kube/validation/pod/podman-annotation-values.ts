import type { PodObject } from '../../spec/pod-object.ts';
import {
  AUTO_UPDATE,
  CPUSET,
  INFRA_NAME,
  INIT,
  LABEL_OPTIONS,
  MEMORY_NODES,
  parseGoBoolean,
  PIDS_LIMIT,
  ULIMIT,
  USERNS,
} from '../../spec/podman-annotations.ts';

type ValueCheck = (value: string, pod: PodObject) => string | undefined;

const CHECKS: Readonly<Record<string, ValueCheck>> = {
  [AUTO_UPDATE]: autoUpdateProblem,
  [CPUSET]: (value) => listProblem(value, 'CPUs'),
  [INFRA_NAME]: infraNameProblem,
  [INIT]: initProblem,
  [LABEL_OPTIONS]: labelProblem,
  [MEMORY_NODES]: (value) => listProblem(value, 'memory nodes'),
  [PIDS_LIMIT]: pidsProblem,
  [ULIMIT]: ulimitProblem,
  [USERNS]: userNamespaceProblem,
};

/** Why podman would refuse the value of an annotation, before or after pods were created; undefined for a valid one. */
export function podmanAnnotationProblem(name: string, value: string, pod: PodObject): string | undefined {
  return CHECKS[name]?.(value, pod);
}

/** supportedPolicies in pkg/autoupdate of podman. */
function autoUpdateProblem(value: string): string | undefined {
  return ['', 'registry', 'image', 'local', 'disabled'].includes(value)
    ? undefined
    : `must be registry, local or disabled, got '${value}'`;
}

function listProblem(value: string, what: string): string | undefined {
  return /^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$/.test(value)
    ? undefined
    : `must be a list of ${what} such as '0-3' or '0,1', got '${value}'`;
}

/** NameRegex in libpod/define of podman. */
function infraNameProblem(value: string): string | undefined {
  return value === '' || /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(value)
    ? undefined
    : `must be letters, digits, '_', '.' and '-', and start with a letter or digit, got '${value}'`;
}

/** podman mounts the init program for process 1, which is another one in a shared namespace (addContainerInitBinary). */
function initProblem(value: string, { value: { spec } }: PodObject): string | undefined {
  const isInit = parseGoBoolean(value);
  if (isInit === undefined) return `must be true or false, got '${value}'`;
  if (!isInit) return undefined;
  if (spec?.hostPID === true) return "must be false with 'hostPID: true'";
  return spec?.shareProcessNamespace === true
    ? "must be false with 'shareProcessNamespace: true'"
    : undefined;
}

function labelProblem(value: string): string | undefined {
  const options = value.split(',label=');
  return options.every((one) => /^(?:disable|nested|(?:user|role|type|level|filetype):.+)$/.test(one))
    ? undefined
    : `must be disable, nested, or an SELinux label such as 'type:spc_t', got '${value}'`;
}

function pidsProblem(value: string): string | undefined {
  return /^(?:-1|\d{1,15})$/.test(value)
    ? undefined
    : `must be a number of processes, or -1 for no limit, got '${value}'`;
}

/** RLIM names in https://github.com/docker/go-units/blob/master/ulimit.go, which podman uses. */
const ULIMITS: ReadonlySet<string> = new Set(
  'core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack'.split(
    ' ',
  ),
);

function ulimitProblem(value: string): string | undefined {
  for (const one of value.split(',')) {
    const [, name = '', soft = '', hard = soft] = /^([a-z]+)=(-1|\d+)(?::(-1|\d+))?$/.exec(one) ?? [];
    if (name === '') return `must be NAME=SOFT:HARD, more of them separated by commas, got '${one}'`;
    if (!ULIMITS.has(name)) return `unknown limit '${name}' (${[...ULIMITS].join(', ')})`;
    const isOver = hard !== '-1' && (soft === '-1' || BigInt(soft) > BigInt(hard));
    if (isOver) return `the soft limit must not exceed the hard limit, got '${one}'`;
  }
  return undefined;
}

/** ParseUserNamespace in pkg/specgen and KeepIDUserNsOptions in pkg/namespaces of podman. */
function userNamespaceProblem(value: string): string | undefined {
  if (['', 'host', 'private', 'auto', 'keep-id', 'nomap'].includes(value)) return undefined;
  if (/^ns:\/./.test(value)) return undefined;
  const [, mode = '', options = ''] = /^(auto|keep-id):(.+)$/.exec(value) ?? [];
  const option = mode === 'auto' ? /^(?:size=\d+|[ug]idmapping=\d+:@?\d+:\d+)$/ : /^(?:uid|gid|size)=\d+$/;
  return mode !== '' && options.split(',').every((one) => option.test(one))
    ? undefined
    : `must be host, keep-id, keep-id:uid=UID,gid=GID, auto, auto:size=SIZE, nomap or ns:PATH, got '${value}'`;
}
