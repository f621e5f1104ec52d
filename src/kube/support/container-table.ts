import { ignored, notYet, noEffect, refused, used, type SupportBranch } from './entry.ts';
import { appArmorProfileTable, seccompProfileTable, seLinuxOptionsTable } from './profile-tables.ts';

const probe = notYet('probes are not run', {});

function objectReference(kind: string): SupportBranch {
  return {
    name: used(`a variable for each key of the ${kind} of this name`),
    optional: used(`the ${kind} may be missing`),
  };
}

function keyReference(kind: string): SupportBranch {
  return {
    key: used('the key whose value it is'),
    name: used(`name of the ${kind}`),
    optional: used('the key may be missing, and there is no variable then'),
  };
}

const container: SupportBranch = {
  args: used('replaces the CMD of the image'),
  command: used('replaces the ENTRYPOINT of the image, and leaves out its CMD'),
  env: {
    name: used('name of an environment variable'),
    value: used('value of the variable; $(NAME) stands for the value of an earlier one'),
    valueFrom: {
      configMapKeyRef: keyReference('ConfigMap'),
      fieldRef: {
        apiVersion: noEffect('there is but one version'),
        fieldPath: used('a field of the pod itself: its name, a label, its addresses'),
      },
      fileKeyRef: {
        key: used('the variable of the file whose value it is; read when the container is made'),
        optional: used('the file, or the key in it, may be missing, and there is no variable then'),
        path: used("the file in the volume: VARIABLE='value', one a line"),
        volumeName: used('the emptyDir that the file is in; an init container writes it'),
      },
      resourceFieldRef: {
        containerName: used('the container whose amount it is; this one by default'),
        divisor: used('the unit of the amount'),
        resource: used('an amount of CPU or memory of a container'),
      },
      secretKeyRef: keyReference('Secret'),
    },
  },
  envFrom: {
    configMapRef: objectReference('ConfigMap'),
    prefix: used('what the names of these variables begin with'),
    secretRef: objectReference('Secret'),
  },
  image: used('image of the container'),
  imagePullPolicy: used('when to pull the image; by default by its tag'),
  lifecycle: {
    postStart: notYet('lifecycle hooks are not run'),
    preStop: notYet('lifecycle hooks are not run'),
    stopSignal: used('the signal that asks the process to end'),
  },
  livenessProbe: probe,
  name: used('name of the container in its pod'),
  ports: {
    containerPort: used('the port inside the pod'),
    hostIP: used('address of the machine that the port listens on; 127.0.0.1 by default'),
    hostPort: used('the port on the machine'),
    name: used('checked; nothing here asks for a port by its name'),
    protocol: used('TCP or UDP; SCTP between containers, and with hostNetwork'),
  },
  readinessProbe: probe,
  resizePolicy: ignored('a container whose amounts change is made anew'),
  resources: {
    claims: refused('devices are handed out by the drivers of a cluster'),
    limits: used('the most CPU and memory that the container gets'),
    requests: used('its share of the CPU, and the memory that it is left with when there is little'),
  },
  restartPolicyRules: notYet('containers restart by the restartPolicy of their pod'),
  securityContext: {
    allowPrivilegeEscalation: used('false: no process gains more privileges than its parent'),
    appArmorProfile: appArmorProfileTable,
    capabilities: {
      add: used('capabilities beyond the default ones'),
      drop: used('default capabilities to do without'),
    },
    privileged: used('all capabilities and devices that your user may give'),
    procMount: used('Unmasked: /proc is seen as it is; only with hostUsers false'),
    readOnlyRootFilesystem: used('only volumes can be written to'),
    runAsGroup: used('group of the process'),
    runAsNonRoot: used(
      'true: the container is not made if its image runs as root, or as a user without a number',
    ),
    runAsUser: used('user of the process'),
    seLinuxOptions: seLinuxOptionsTable,
    seccompProfile: seccompProfileTable,
    windowsOptions: refused('containers of Windows need a node with Windows', {}),
  },
  startupProbe: probe,
  stdin: used('keeps the standard input open, until the first who attaches to it has gone'),
  stdinOnce: noEffect('podman closes the input with the first who has attached to it, as true asks for'),
  terminationMessagePath: used(
    'a file for a last message, in containers that set it or name /dev/termination-log',
  ),
  terminationMessagePolicy: used('FallbackToLogsOnError: the end of the log where the message is empty'),
  tty: used('gives the process a terminal'),
  volumeDevices: refused('block devices come from claims for them, which only a cluster serves'),
  volumeMounts: {
    mountPath: used('where the container sees the volume'),
    mountPropagation: used(
      'HostToContainer: what the machine mounts in it later shows; Bidirectional is refused',
    ),
    name: used('name of the volume'),
    readOnly: used('the container can only read'),
    recursiveReadOnly: used('Enabled: refused for a hostPath; in any other volume there is nothing mounted'),
    subPath: used('the part of the volume to mount'),
    subPathExpr: used('the part of the volume to mount, with $(NAME) for the value of a variable'),
  },
  workingDir: used('working directory of the process'),
};

export const appContainerTable: SupportBranch = {
  ...container,
  restartPolicy: notYet('containers restart by the restartPolicy of their pod'),
};

export const initContainerTable: SupportBranch = {
  ...container,
  restartPolicy: notYet('an init container always runs to its end before the next starts'),
};
