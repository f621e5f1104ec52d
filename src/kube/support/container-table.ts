import { ignored, noEffect, refused, refusedByServer, used, type SupportBranch } from './entry.ts';
import { appArmorProfileTable, seccompProfileTable, seLinuxOptionsTable } from './profile-tables.ts';

const exec: SupportBranch = {
  command: used('program and arguments, run in the container without a shell; exit code 0 is a success'),
};

const httpGet: SupportBranch = {
  host: used('host to connect to; the IP of the pod by default'),
  httpHeaders: {
    name: used('name of a header; names may repeat'),
    value: used('value of the header'),
  },
  path: used('path and query of the request; / by default'),
  port: used('number or name of a port of the container'),
  scheme: used('HTTP or HTTPS; certificates are not verified'),
};

function probe(purpose: 'startup' | 'readiness' | 'liveness'): SupportBranch {
  return {
    exec,
    failureThreshold: used('failures in a row until the probe has failed; 3 by default'),
    grpc: {
      port: used('port of a gRPC server with grpc.health.v1.Health'),
      service: used('service to ask for; the whole server by default'),
    },
    httpGet,
    initialDelaySeconds: used('seconds between the start of the container and the first probe'),
    periodSeconds:
      purpose === 'readiness'
        ? used('seconds between probes; 10 by default; less at first, until the container is ready')
        : used('seconds between probes; 10 by default'),
    successThreshold:
      purpose === 'readiness'
        ? used('successes in a row until the container is ready again')
        : used('must be 1'),
    tcpSocket: {
      host: used('host to connect to; the IP of the pod by default'),
      port: used('number or name of a port of the container'),
    },
    terminationGracePeriodSeconds:
      purpose === 'readiness'
        ? refusedByServer('a failed readinessProbe does not stop the container')
        : used('grace period after this probe has failed; that of the pod by default'),
    timeoutSeconds: used('seconds until a probe has failed; 1 by default'),
  };
}

function hook(): SupportBranch {
  return {
    exec,
    httpGet,
    sleep: { seconds: used('seconds to wait') },
    tcpSocket: refused('a kubelet cannot run it either: use exec or httpGet'),
  };
}

function objectReference(kind: string): SupportBranch {
  return {
    name: used(`one variable for each key of the ${kind}`),
    optional: used(`the ${kind} may be missing`),
  };
}

function keyReference(kind: string): SupportBranch {
  return {
    key: used('key of the value'),
    name: used(`name of the ${kind}`),
    optional: used('the key may be missing; the variable is then not set'),
  };
}

const container: SupportBranch = {
  args: used('replaces the CMD of the image; $(NAME) expands to the value of a variable'),
  command: used('replaces the ENTRYPOINT of the image and drops its CMD; $(NAME) expands as in args'),
  env: {
    name: used('name of the environment variable'),
    value: used('value of the variable; $(NAME) expands to the value of an earlier one'),
    valueFrom: {
      configMapKeyRef: keyReference('ConfigMap'),
      fieldRef: {
        apiVersion: noEffect('only v1 exists'),
        fieldPath: used('a field of the pod, such as its name, a label or its IP'),
      },
      fileKeyRef: {
        key: used('the variable to read from the file; read when the container is created'),
        optional: used('the file or the key may be missing; the variable is then not set'),
        path: used("path of the file in the volume, with one VARIABLE='value' on each line"),
        volumeName: used('the emptyDir that holds the file; an init container writes it'),
      },
      resourceFieldRef: {
        containerName: used('the container to read the resource from; this container by default'),
        divisor: used('unit of the value'),
        resource: used('a CPU or memory limit or request of a container'),
      },
      secretKeyRef: keyReference('Secret'),
    },
  },
  envFrom: {
    configMapRef: objectReference('ConfigMap'),
    prefix: used('prefix of the names of these variables'),
    secretRef: objectReference('Secret'),
  },
  image: used('image of the container'),
  imagePullPolicy: used('when to pull the image; the default depends on the tag'),
  lifecycle: {
    postStart: hook(),
    preStop: hook(),
    stopSignal: used('signal that stops the container'),
  },
  livenessProbe: probe('liveness'),
  name: used('name of the container in its pod'),
  ports: {
    containerPort: used('port in the pod'),
    hostIP: used('address of this machine to listen on; 127.0.0.1 by default'),
    hostPort: used('port on this machine'),
    name: used('checked for validity and duplicates'),
    protocol: used('TCP or UDP; SCTP only between containers or with hostNetwork'),
  },
  readinessProbe: probe('readiness'),
  resizePolicy: ignored('a container is recreated when its resources change'),
  resources: {
    claims: refused('dynamic resource allocation needs a cluster'),
    limits: used('maximum CPU and memory of the container'),
    requests: used('CPU weight, and memory protected under memory pressure'),
  },
  restartPolicyRules: {
    action: used('Restart, or RestartAllContainers in app containers and sidecars'),
    exitCodes: {
      operator: used('In or NotIn'),
      values: used('exit codes of the rule'),
    },
  },
  securityContext: {
    allowPrivilegeEscalation: used('false: no process gains more privileges than its parent'),
    appArmorProfile: appArmorProfileTable,
    capabilities: {
      add: used('capabilities to add to the default set'),
      drop: used('capabilities to remove from the default set'),
    },
    privileged: used('all capabilities and devices available to your user'),
    procMount: used('Unmasked disables the masking of /proc; needs hostUsers: false'),
    readOnlyRootFilesystem: used('mounts the root filesystem read-only; volumes stay writable'),
    runAsGroup: used('primary group ID of the process'),
    runAsNonRoot: used(
      'true: the container is not created if the image runs as root or as a non-numeric user',
    ),
    runAsUser: used('user ID of the process'),
    seLinuxOptions: seLinuxOptionsTable,
    seccompProfile: seccompProfileTable,
    windowsOptions: refused('Windows containers need a Windows node', {}),
  },
  startupProbe: probe('startup'),
  stdin: used('keeps standard input open until the first attached client disconnects'),
  stdinOnce: noEffect('podman always closes standard input after the first attached client, as with true'),
  terminationMessagePath: used(
    'file for the termination message, in containers that set the field or use /dev/termination-log',
  ),
  terminationMessagePolicy: used('FallbackToLogsOnError: uses the end of the log if the file is empty'),
  tty: used('allocates a terminal'),
  volumeDevices: refused('raw block volumes need a cluster storage driver'),
  volumeMounts: {
    mountPath: used('mount path in the container'),
    mountPropagation: used('HostToContainer: later mounts of the host are visible; Bidirectional is refused'),
    name: used('name of the volume'),
    readOnly: used('mounts the volume read-only'),
    recursiveReadOnly: used('Enabled is refused for a hostPath; other volumes have no submounts'),
    subPath: used('path in the volume to mount'),
    subPathExpr: used('path in the volume to mount; $(NAME) expands to the value of a variable'),
  },
  workingDir: used('working directory of the process'),
};

export const appContainerTable: SupportBranch = {
  ...container,
  restartPolicy: used('takes precedence over the restartPolicy of the pod'),
};

export const initContainerTable: SupportBranch = {
  ...container,
  restartPolicy: used(
    'Always: a sidecar, which the next container waits for only until it has started; takes precedence over that of the pod',
  ),
};
