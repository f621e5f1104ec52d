import type { CommandName } from './command-names.ts';
import {
  FILE,
  FILES,
  type GLOBAL_OPTIONS,
  GRACE_TIME,
  HOST_IP,
  INFRA_IMAGE,
  INGRESS_IMAGE,
  KUSTOMIZE,
  NETWORK,
  PROJECT_FILES,
  PROJECT_FILES_LONG,
  PULL,
  UP_OPTIONS,
} from './shared-options.ts';

/** Commands and their options. The short form of a command's option hides the same one of a global option. */
export const COMMANDS = {
  validate: {
    summary: 'check manifests without podman; makes no changes',
    usage: 'podpose validate [FILE...]',
    options: {
      ...FILES,
      format: { type: 'string', value: 'FORMAT', help: 'output format: text or json' },
      target: {
        type: 'string',
        value: 'TARGET',
        help: 'local: podpose can run it (default); kubernetes: an API server accepts it',
      },
    },
  },
  fix: {
    summary: 'show fixes of mistakes in manifests as a diff; --write applies them',
    usage: 'podpose fix [FILE...]',
    options: {
      file: FILE,
      write: { type: 'boolean', help: 'write the fixes to the files' },
    },
  },
  explain: {
    summary: 'show the documentation of a field, or of the code of a diagnostic',
    usage: 'podpose explain [KIND.]FIELD.PATH | CODE...',
    options: {},
  },
  plan: {
    summary: 'show what up would change, and why; makes no changes',
    usage: 'podpose plan [FILE...]',
    options: {
      ...UP_OPTIONS,
      format: { type: 'string', value: 'FORMAT', help: 'output format: text, commands or json' },
      'detailed-exitcode': {
        type: 'boolean',
        help: 'exit with 0 if there are no changes, 2 if there are changes, 1 on error',
      },
    },
  },
  diff: {
    summary: 'show differences between running pods and the manifests (unified diff)',
    usage: 'podpose diff [FILE...]',
    options: { ...FILES, 'ingress-image': INGRESS_IMAGE, 'host-ip': HOST_IP, network: NETWORK },
  },
  graph: {
    summary: 'draw pods, containers, volumes and Services as a Mermaid flowchart',
    usage: 'podpose graph [FILE...]',
    options: { ...FILES },
  },
  up: {
    summary: 'create, update and start pods to match the manifests; follows the logs unless -d',
    details: [
      'Without -d, up follows the logs. Ctrl-C then stops the pods within their grace periods; a second Ctrl-C',
      'kills them. Stopped pods are kept: up starts them again, down removes them.',
    ],
    usage: 'podpose up [FILE...]',
    options: {
      ...UP_OPTIONS,
      detach: {
        type: 'boolean',
        short: 'd',
        help: 'run in the background: exit after a check that all started containers run',
      },
      wait: {
        type: 'boolean',
        help: 'wait until every pod is ready or has completed',
      },
      timeout: {
        type: 'string',
        value: 'TIME',
        help: 'maximum time to wait (e.g. 90, 30s; default with --wait: 5m)',
      },
      'exit-code-from': {
        type: 'string',
        value: 'NAME',
        help: 'stop the pods when POD/CONTAINER ends, and exit with its exit code',
      },
      'abort-on-failure': { type: 'boolean', help: 'stop the pods when a container fails' },
      'dry-run': { type: 'boolean', help: 'show the plan and exit; makes no changes' },
      yes: { type: 'boolean', short: 'y', help: 'do not ask for confirmation' },
    },
  },
  scale: {
    summary: 'change the number of pods of workloads until the next up',
    usage: 'podpose scale WORKLOAD=N... [FILE...]',
    details: [
      'podpose scale deploy/web=3 creates or removes pods of this workload, and leaves all other pods alone. New',
      'pods get the template of those that there are, or else that of the manifest. The next podpose up returns',
      'to the number in the manifest.',
    ],
    options: {
      ...FILES,
      'infra-image': INFRA_IMAGE,
      'host-ip': HOST_IP,
      network: NETWORK,
      'dry-run': { type: 'boolean', help: 'show the plan and exit; makes no changes' },
    },
  },
  rollout: {
    summary: 'show, restart or undo the rollout of a workload; show its history',
    usage: 'podpose rollout status|restart|undo|history WORKLOAD [FILE...]',
    details: [
      'status   waits until all pods have the same template and are available; reads only',
      'restart  replaces the pods by the strategy of the workload, with the template of the manifest',
      'undo     returns to the template before, or to that of --to-revision, until the next up',
      'history  lists the revisions that the pods record',
    ],
    options: {
      ...FILES,
      'to-revision': {
        type: 'string',
        value: 'N',
        help: 'undo: the revision to return to (default: the last)',
      },
      timeout: {
        type: 'string',
        value: 'TIME',
        help: 'maximum time to wait, such as 90, 30s or 5m (default of status: no limit)',
      },
      watch: {
        type: 'boolean',
        short: 'w',
        help: 'status: wait for the end (default); --watch=false: do not',
      },
      'infra-image': INFRA_IMAGE,
      'host-ip': HOST_IP,
      network: NETWORK,
      'dry-run': { type: 'boolean', help: 'restart, undo: show the plan and exit; makes no changes' },
    },
  },
  down: {
    summary: "stop and remove the project's pods; PersistentVolumeClaim data is kept (use -v)",
    usage: 'podpose down [FILE | POD]...',
    options: {
      ...PROJECT_FILES,
      volumes: {
        type: 'boolean',
        short: 'v',
        help: 'also remove the volumes of PersistentVolumeClaims and their data',
      },
      time: GRACE_TIME,
      yes: { type: 'boolean', short: 'y', help: 'do not ask for confirmation' },
    },
  },
  stop: {
    summary: 'stop pods and keep them; start or up starts them again',
    usage: 'podpose stop [FILE | POD]...',
    options: { ...PROJECT_FILES, time: GRACE_TIME },
  },
  start: {
    summary: 'start stopped pods as they were created, init containers first',
    usage: 'podpose start [FILE | POD]...',
    details: ['Changes of the manifests are not applied: up does that.'],
    options: { ...PROJECT_FILES },
  },
  restart: {
    summary: 'stop and start pods, or containers of a pod',
    usage: 'podpose restart [FILE | POD | POD/CONTAINER]...',
    details: [
      'The init containers of a restarted pod run again. A restarted container keeps its pod, and no init container',
      'runs. Changes of the manifests are not applied: up does that.',
    ],
    options: { ...PROJECT_FILES, time: GRACE_TIME },
  },
  kill: {
    summary: 'send a signal to containers',
    usage: 'podpose kill [-s SIGNAL] POD | POD/CONTAINER...',
    options: {
      signal: {
        type: 'string',
        short: 's',
        value: 'SIGNAL',
        help: 'signal by name or number (default: SIGKILL)',
      },
    },
  },
  ps: {
    summary: 'show pods and containers',
    usage: 'podpose ps [FILE | POD | POD/CONTAINER]...',
    options: {
      ...PROJECT_FILES,
      all: { type: 'boolean', short: 'a', help: 'show pods of all projects' },
      output: {
        type: 'string',
        short: 'o',
        value: 'FORMAT',
        help: 'output format: wide, json, yaml or name',
      },
      quiet: { type: 'boolean', short: 'q', help: 'show container IDs only' },
    },
  },
  get: {
    summary: 'show pods, workloads and Services in the formats of kubectl',
    usage: 'podpose get [pods | deploy,svc,... | KIND NAME... | POD | FILE]...',
    options: {
      ...PROJECT_FILES,
      all: { type: 'boolean', short: 'a', help: 'show objects of all projects' },
      'all-namespaces': {
        type: 'boolean',
        short: 'A',
        help: 'show the namespace of each object; without it, only if there are several',
      },
      output: {
        type: 'string',
        short: 'o',
        value: 'FORMAT',
        help: 'output format: wide, json, yaml, name or jsonpath=TEMPLATE',
      },
      selector: {
        type: 'string',
        short: 'l',
        value: 'SELECTOR',
        help: 'show pods with these labels, and their workloads and Services: app=web,tier!=db',
      },
      watch: { type: 'boolean', short: 'w', help: 'show the pods, then each change' },
      'no-headers': { type: 'boolean', help: 'do not show the heading of the table' },
    },
  },
  describe: {
    summary: 'show the details of pods, workloads and Services; values of Secrets are masked',
    usage: 'podpose describe [KIND [NAME...] | POD | FILE]...',
    options: { ...PROJECT_FILES },
  },
  wait: {
    summary: 'wait for a condition of pods',
    usage: 'podpose wait --for CONDITION [FILE | POD]...',
    details: [
      'The exit code is 0 once each pod has met the condition, and 1 if the time limit is over before.',
      "CONDITION is condition=Ready, condition=Ready=False, phase=Running, jsonpath='{.status.phase}'=Running,",
      "jsonpath='{.status.podIP}' (any value), or delete.",
    ],
    options: {
      ...PROJECT_FILES,
      for: { type: 'string', value: 'CONDITION', help: 'condition to wait for' },
      timeout: { type: 'string', value: 'TIME', help: 'maximum time to wait (e.g. 90, 5m; default: 30s)' },
    },
  },
  run: {
    summary: 'run a Job of a CronJob now',
    usage: 'podpose run cronjob/NAME [FILE...]',
    details: [
      "As 'kubectl create job --from': the schedule stays as it is. Prints the name of the Job. The watcher",
      "runs its pods; 'podpose logs job/NAME' shows their output.",
    ],
    options: {
      ...PROJECT_FILES,
      wait: { type: 'boolean', help: 'wait until the Job has ended; exit with 1 if it has failed' },
      timeout: { type: 'string', value: 'TIME', help: 'maximum time to wait (e.g. 90, 30s; default: 5m)' },
    },
  },
  events: {
    summary: 'show the events of the last hour: containers created, started, ended',
    usage: 'podpose events [-f] [FILE | POD]...',
    options: {
      ...PROJECT_FILES_LONG,
      follow: { type: 'boolean', short: 'f', help: 'follow the events' },
      output: { type: 'string', short: 'o', value: 'FORMAT', help: 'output format: json' },
    },
  },
  logs: {
    summary: 'show container logs, including init containers',
    usage: 'podpose logs [FILE | POD | POD/CONTAINER | WORKLOAD | svc/NAME]...',
    details: ['deploy/web and svc/web show all pods of the workload, or all that the Service selects.'],
    options: {
      ...PROJECT_FILES_LONG,
      follow: { type: 'boolean', short: 'f', help: 'follow log output' },
      tail: {
        type: 'string',
        value: 'LINES',
        help: "number of lines to show from the end of each container's log",
      },
      since: {
        type: 'string',
        value: 'TIME',
        help: 'show logs since a time or duration (e.g. 10m, 2026-01-31T10:00:00Z)',
      },
      timestamps: { type: 'boolean', short: 't', help: 'show timestamps' },
      container: {
        type: 'string',
        short: 'c',
        multiple: true,
        value: 'CONTAINER',
        help: 'show only this container; may be repeated',
      },
      'no-prefix': { type: 'boolean', help: 'do not prefix lines with pod and container' },
      watcher: { type: 'boolean', help: 'show the log of the process that restarts the containers' },
    },
  },
  watch: {
    summary: 'restart containers that end, as a kubelet does, until the pods are gone; up does it, too',
    details: [
      "'podpose up' does this while it follows the logs, and 'podpose up -d' starts it in the background. It replaces",
      'a process that watches the same project. When it ends, the containers go on, but nobody restarts them.',
    ],
    usage: 'podpose watch [FILE]',
    options: { ...PROJECT_FILES },
  },
  install: {
    summary: 'start the pods now and with the machine, as a systemd user unit',
    usage: 'podpose install [FILE...]',
    details: [
      "The unit podpose-PROJECT.service runs 'podpose up'. If the unit changes, its pods are restarted.",
      "'systemctl --user restart UNIT' applies changes of the manifests; 'podpose up -d' does it without a restart.",
    ],
    options: {
      file: { ...FILE, help: 'manifest file or directory; same as the FILE argument' },
      kustomize: KUSTOMIZE,
      pull: PULL,
      'infra-image': INFRA_IMAGE,
      'ingress-image': INGRESS_IMAGE,
      'host-ip': HOST_IP,
      network: NETWORK,
      'dry-run': { type: 'boolean', help: 'print the unit and exit; makes no changes' },
    },
  },
  uninstall: {
    summary: 'remove the systemd user unit; its pods are stopped and kept',
    usage: 'podpose uninstall [FILE]',
    options: { ...PROJECT_FILES },
  },
  exec: {
    summary: 'run a command in a running container',
    usage: 'podpose exec [-it] POD [-c CONTAINER] -- COMMAND [ARG...]',
    details: [
      'POD may be deploy/web or svc/web: the first pod of the workload, or of those that the Service selects.',
      'POD/CONTAINER names the container, too. The default is the one that the annotation',
      'kubectl.kubernetes.io/default-container of the pod names, else the first. The exit code is that of COMMAND;',
      '126 and 127 mean that it cannot run or does not exist.',
    ],
    options: {
      container: { type: 'string', short: 'c', value: 'CONTAINER', help: 'container of the pod' },
      stdin: { type: 'boolean', short: 'i', help: 'pass standard input to COMMAND' },
      tty: { type: 'boolean', short: 't', help: 'give COMMAND a terminal' },
    },
  },
} as const satisfies Readonly<Record<CommandName, object>>;

/** Commands whose operands end with a command and its arguments, which are passed on as they are. */
export const PASSES_COMMAND: ReadonlySet<CommandName> = new Set<CommandName>(['exec']);

type KeysOfUnion<T> = T extends unknown ? keyof T : never;

/** The name of any option, without its dashes. */
export type OptionName = keyof typeof GLOBAL_OPTIONS | KeysOfUnion<(typeof COMMANDS)[CommandName]['options']>;
