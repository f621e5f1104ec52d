import type { DiagnosticRows } from './row.ts';

/** podman's state, the limits of this machine, and failures while a plan is applied. */
export const PODMAN = {
  'podman-not-found': [
    'podman was not found, or cannot be run.',
    'a machine without podman',
    'Install podman 4.3 or newer, or set its path with `--podman` or `PODPOSE_PODMAN`.',
  ],
  'podman-too-old': [
    'podman is too old, for podpose or for a field of the manifest.',
    'podman 4.2',
    'Install a newer podman, or remove the field in the message.',
  ],
  'podman-unknown': ['The program is not podman.', '`--podman /bin/true`', 'Set the path of podman.'],
  'podman-silent': [
    'podman did not answer in time.',
    'another podman command that hangs',
    'Run the command in the message yourself.',
  ],
  'podman-garbled': [
    'The output of podman cannot be read.',
    'a wrapper script that prints more than podman',
    'Check what podman prints: `podman ps --all --format json`.',
  ],
  'podman-unreachable': [
    'The podman of a connection does not answer.',
    '`-c vm` while the machine is off',
    '`podman machine start`; `podman system connection list`.',
  ],
  'podman-failed': [
    'A podman command failed for a reason that podpose does not know.',
    'any other failure',
    "Read podman's own message.",
  ],
  'rootless-setup': [
    'The user has no ranges of user IDs for rootless containers.',
    'a new user',
    'Run the `usermod` command of the message, then `podman system migrate`.',
  ],
  'no-user-bus': [
    'podman cannot connect to the systemd user session.',
    'a shell after `su`',
    '`loginctl enable-linger $USER`, or log in again.',
  ],
  'too-many-files': ['The limit of open files is too low.', '`ulimit -n 20`', '`ulimit -n 1024`.'],
  'no-space': [
    'The disk is full.',
    'a pull of a large image',
    '`podman image prune`; `df -h` shows the disk.',
  ],
  'arguments-too-long': [
    'A podman command is longer than Linux allows.',
    'a low stack limit with long variables',
    'Put long data into a ConfigMap or Secret and mount it.',
  ],
  'network-missing': [
    'The network of `--network` does not exist.',
    '`podpose up --network shared` without it',
    'Create it: `podman network create shared`.',
  ],
  'network-without-dns': [
    'systemd runs on this machine, but not for this user: the DNS server of a network of podman cannot start.',
    '`podpose up` after `su - ann`, or from cron without lingering',
    'Log in as the user, or run `loginctl enable-linger`, then recreate the pods. Until then they reach each other by address.',
  ],
  'kept-name': [
    "An earlier version of podpose, which left the namespace out of podman's names, has created the object: it keeps its name.",
    '`podpose up` after an upgrade, with `metadata.namespace: shop`',
    '`podpose down` and `podpose up` give pods and Services new names. A PersistentVolumeClaim keeps its volume and data; the annotation `podpose.io/volume` names another one.',
  ],
  'not-on-network': [
    'An earlier version of podpose created the pod, which is not on the network of the project.',
    '`podpose up` after an upgrade',
    '`podpose up --force-recreate` recreates it on the network; until then it runs as before.',
  ],
  'not-ours': [
    'podman has a pod, container, volume or network of this name that podpose did not create.',
    '`podman pod create web` before `up`',
    'Remove it, rename yours, or use `--adopt`.',
  ],
  'other-pod': [
    'A container or volume of this name belongs to another pod.',
    'pod `a-b` with container `c`, and pod `a` with container `b-c`',
    'Rename one of them.',
  ],
  'other-claim': [
    'A volume of a pod and a PersistentVolumeClaim would have the same name in podman.',
    'PersistentVolumeClaim `web-data`, pod `web` with volume `data`',
    'Rename one of them.',
  ],
  'not-adoptable': [
    'A pod of `podman kube play` differs from the manifest.',
    '`up --adopt` with another image',
    'Remove the pod with podman, or rename yours.',
  ],
  'unreadable-labels': [
    'The labels of a pod or container were edited, or are from a newer podpose.',
    'a downgrade',
    'Use the newer podpose, or `podpose down` and `up`.',
  ],
  orphan: [
    'Warning: the project has a pod or volume that is not in the files.',
    'a pod that was removed from the manifest',
    '`--remove-orphans` removes it.',
  ],
  'name-in-use': [
    'Something was created at the same time under the same name.',
    'two `up` at once',
    'Run the command again.',
  ],
  gone: ['Something was removed at the same time.', '`podman rm` during `up`', 'Run the command again.'],
  'image-not-found': [
    'The image does not exist, or needs a login.',
    '`image: nginx:1.999`',
    'Check name and tag; `podman login REGISTRY` for a private one.',
  ],
  'image-not-built': [
    'The image of `localhost/` is not on this machine.',
    '`image: localhost/app`',
    '`podman build -t localhost/app .`',
  ],
  'image-not-present': [
    'The image is not on this machine and may not be pulled.',
    '`imagePullPolicy: Never`',
    'Pull or build it, or allow pulling: `--pull missing`.',
  ],
  'image-unauthorized': [
    'The registry needs a login.',
    'a private image',
    '`podman login REGISTRY`, or `imagePullSecrets`.',
  ],
  'image-runs-as-root': [
    '`runAsNonRoot` is set, but the image runs as root or as a named user.',
    '`runAsNonRoot: true` with `nginx`',
    'Set `runAsUser` to a number other than 0.',
  ],
  'image-without-shell': [
    'A command refers to a secret, and the image has no `/bin/sh` to insert its value.',
    '`args: ["--password=$(PASSWORD)"]` with an image `FROM scratch`',
    'Pass the secret in a variable or a mounted file, or use an image with a shell.',
  ],
  'short-name': [
    'podman cannot resolve an image name without a registry.',
    '`image: nginx` without search registries',
    'Write `docker.io/library/nginx`.',
  ],
  'registry-unreachable': [
    'The registry cannot be reached.',
    'no network',
    'Check the network and the name; `--pull missing` uses images that are on this machine.',
  ],
  'registry-certificate': [
    'The certificate of the registry is not trusted.',
    'a private registry',
    'Install its CA certificate as the message says.',
  ],
  'registry-without-tls': [
    'The registry uses plain HTTP.',
    '`localhost:5000/app`',
    'Set `insecure = true` for it in `registries.conf`.',
  ],
  'address-in-use': [
    'podman cannot give a Service its address in the network of the project.',
    'a container that was started with `podman run --ip`',
    '`podpose up` with the files gives the Service another address.',
  ],
  'port-in-use': [
    'A port of the machine is already in use.',
    '`hostPort: 8080` while another server runs',
    'Stop the other program, or change `hostPort`; `ss -ltnp` shows who listens.',
  ],
  'device-missing': [
    'A device in `resources.limits` is not on this machine.',
    '`podman.io/device=/dev/dri: 1` without a graphics card',
    'Check its name, or remove it.',
  ],
  'limit-over-own': [
    'A limit of a container is above that of the user.',
    '`io.podman.annotations.ulimit: nofile=9999999`',
    'Lower the hard limit; `ulimit -Ha` shows the limits of the user.',
  ],
  'port-privileged': [
    'Port below 1024 without root.',
    '`hostPort: 80`',
    'Use 1024 or more, or lower `net.ipv4.ip_unprivileged_port_start`.',
  ],
  'port-replaced': [
    'A port of this machine that a Service asks for cannot be used, so that another one is published.',
    '`type: LoadBalancer` with `port: 80`',
    'Nothing, or use a `nodePort` that is free. The port that was chosen stays the same as long as the Service exists.',
  ],
  'endpoints-missing': [
    'Warning: nothing in the given files answers at a Service: no pod has the labels of its selector, or no container has its `targetPort`.',
    '`targetPort: http` where the port of the container is named `web`',
    'Correct the selector or the port. Nothing, if the pods are in other files of the project, or listen at a port that they do not declare.',
  ],
  'host-unknown': [
    'The name of an ExternalName leads nowhere: this machine finds no IPv4 address, or no Service has the name.',
    '`externalName: db.example.com` without a name server, or `web.shop.svc.cluster.local` without a Service `web`',
    'Check the name. The watcher looks a host up again every 10 s.',
  ],
  'endpoints-not-followed': [
    'Warning: nothing follows the pods of a Service: those that run when `up` ends get connections.',
    '`kind: Service` with `PODPOSE_WATCH=off`',
    'Unset `PODPOSE_WATCH`, or run podpose on the machine of the pods.',
  ],
  'ingress-image': [
    'The image of the proxy that serves Ingresses is not on this machine. Everything else comes up without it.',
    '`kind: Ingress` with `--pull never`',
    'Pull the image, or choose another one with nginx: `--ingress-image IMAGE`, or `PODPOSE_INGRESS_IMAGE`.',
  ],
  'nft-missing': [
    'The address of a Service is a set of rules of the kernel, which the program `nft` sets.',
    '`kind: Service` on Debian 12 without the package nftables',
    'Install the package nftables.',
  ],
  'service-remote': [
    'The address of a Service is a set of rules of the kernel, which only a program on the machine of the containers sets.',
    '`kind: Service` with `CONTAINER_HOST`',
    'Run podpose on the machine of the containers.',
  ],
  'port-address': [
    'The machine does not have the address.',
    '`hostIP: 192.0.2.1`',
    'Use `127.0.0.1`, `0.0.0.0`, or an address of `ip address`.',
  ],
  'limits-not-enforced': [
    'Warning: limits are not enforced, as this user cannot set them.',
    '`limits: {cpu: 1}` without the cpu controller',
    'Delegate the controllers with systemd, as the message says.',
  ],
  'post-start-failed': [
    'A postStart hook has failed, and its container was killed, as on a cluster.',
    '`postStart: {exec: {command: ["false"]}}`',
    'Read the output of the hook in the message, and run its command with `podpose exec`.',
  ],
  'post-start-not-repeated': [
    'Warning: podman restarts containers without their postStart hooks.',
    'a `postStart` hook with `PODPOSE_WATCH=off`, or with a remote podman',
    'Unset PODPOSE_WATCH, and run podpose on the machine of the containers.',
  ],
  'pre-stop-failed': [
    'Warning: a preStop hook has failed. The container was stopped nevertheless.',
    '`preStop: {exec: {command: ["false"]}}`',
    'Read the output of the hook in the message, and run its command with `podpose exec`.',
  ],
  'probes-not-run': [
    'Warning: nothing runs the probes of a pod.',
    'a `livenessProbe` with `PODPOSE_WATCH=off`, or with a remote podman',
    'Unset PODPOSE_WATCH, and run podpose on the machine of the containers.',
  ],
  'sidecars-not-stopped': [
    'Warning: the sidecars of a pod go on when its containers have ended.',
    'a sidecar in a pod with `restartPolicy: Never`, with `PODPOSE_WATCH=off` or a remote podman',
    'Unset PODPOSE_WATCH, and run podpose on the machine of the containers.',
  ],
  'no-watcher': [
    "Warning: podman restarts the containers, without Kubernetes' back-off.",
    '`PODPOSE_WATCH=off`, or a remote podman',
    'Unset PODPOSE_WATCH, and run podpose on the machine of the containers. Nothing, if this is intended.',
  ],
  'watcher-not-started': [
    'Warning: the process that restarts the containers could not be started.',
    'a limit of processes (`ulimit -u`)',
    'Run `podpose watch`, or `podpose up -d` again, when the machine allows it.',
  ],
  'restart-rules-not-applied': [
    'Warning: podman restarts containers by their policy, whatever their exit codes are.',
    '`restartPolicyRules` with `PODPOSE_WATCH=off`, or with a remote podman',
    'Unset PODPOSE_WATCH, and run podpose on the machine of the containers.',
  ],
  'restart-policy-kept': [
    'Containers keep the restart policy with which they were created: that of podman, or none for the watcher.',
    'a pod of podpose 0.2, or `PODPOSE_WATCH=off` for a pod that was created without it',
    'Recreate the pod when it suits: `podpose up --force-recreate`.',
  ],
  'readiness-unknown': [
    'Nothing runs the probes that decide whether a pod is ready.',
    '`PODPOSE_WATCH=off podpose up --wait` with a `readinessProbe`',
    'Unset PODPOSE_WATCH, and run podpose on the machine of the containers, or omit `--wait`.',
  ],
  'resources-not-delegated': [
    'The runtime cannot set a limit.',
    'a controller that systemd does not delegate',
    'Remove the limit, or delegate the controller.',
  ],
  'id-not-mapped': [
    "A user or group ID is outside of this user's range, or of the user namespace of the pod.",
    '`runAsUser: 100000`',
    'Use an ID below 65536, or extend the range. With `hostUsers: false`, set the size of the namespace: `io.podman.annotations.userns: auto:size=65536`.',
  ],
  'command-not-found': [
    'The image has no such program.',
    '`command: [pyhton3]`',
    'Correct the command, or use another image.',
  ],
  'working-dir-missing': [
    'podman cannot find the working directory, because of a symbolic link.',
    '`workingDir: /link/app`',
    'Set `workingDir` to the path that the link points to.',
  ],
  'health-check-without-systemd': [
    'podman does not start a container with a health check without systemd.',
    'a container of an older podpose on podman 6',
    '`podpose up --force-recreate`.',
  ],
  'infra-starting': [
    'The infra container was still starting.',
    'two containers of a new pod',
    'Run the command again.',
  ],
  'conmon-gone': [
    'The monitor of a container, conmon, was killed.',
    '`kill -9` of conmon',
    'Run the command again.',
  ],
  'state-changing': [
    'The state of a container was changing at the same time.',
    '`down` while a container ends',
    'Run the command again.',
  ],
  'stuck-stopping': [
    'podman waits for a container process that no longer exists.',
    'a machine that lost power',
    '`podpose down`, then `podpose up`; PersistentVolumeClaim data is kept.',
  ],
  'processes-gone': ["podman's own processes were killed.", '`pkill podman`', '`podman system migrate`.'],
  'container-not-running': [
    'The container of a command does not run.',
    '`podpose exec web/app ls` after `app` has ended',
    '`podpose logs web/app` shows why it ended; `podpose start web` starts it again.',
  ],
  'container-not-started': [
    'A named container has no log: it has not started yet.',
    '`podpose logs web/app` while an init container of `web` runs',
    'Wait, or look at what it waits for: `podpose describe pod web`.',
  ],
  'manifest-needed': [
    'A pod cannot be started from its labels alone.',
    '`podpose start web` after a reboot, which emptied a Secret volume in memory',
    '`podpose up -d FILE` starts it.',
  ],
  'container-failed': [
    'A container failed, or exited although it should run.',
    'a program that crashes',
    '`podpose logs POD -c CONTAINER`.',
  ],
  'job-failed': [
    'A Job has failed: too many of its pods have, its deadline has passed, or a rule of its podFailurePolicy applies.',
    '`backoffLimit: 0` and a program that fails',
    '`podpose logs job/NAME`; after the fix, `podpose up --force-recreate`.',
  ],
  'job-not-created': [
    "'podpose run' could not create a Job of a CronJob.",
    'the podman secret with the secret values of its template was removed',
    '`podpose up --force-recreate`, then `podpose run` again.',
  ],
  'not-ready': [
    'A container was not ready, or had not completed, at the end of `up --wait`.',
    'a server that starts slowly',
    'Look at its output; a longer `--timeout`.',
  ],
  'rollout-stopped': [
    'A new pod of a workload was not ready in time, so that the old ones were not replaced.',
    'a changed image that fails at its start',
    'Correct the template and run `podpose up`. `podpose logs` shows the output of the pod.',
  ],
  'no-such-workload': [
    'The files have no workload of this name that can be scaled, restarted or returned to an earlier revision.',
    '`podpose scale deploy/wbe=3`',
    'Correct the name, or name the file of the workload.',
  ],
  'no-such-revision': [
    'A workload has no earlier revision of this number: its pods do not record it.',
    '`podpose rollout undo deploy/web` after the first `up`',
    '`podpose rollout history` lists the revisions.',
  ],
  'workload-paused': [
    'A Deployment with `paused: true` keeps the template of its pods: it cannot be restarted, and has no rollout to undo.',
    '`podpose rollout restart deploy/web`',
    'Remove `paused: true` from the file.',
  ],
  'earlier-template': [
    'A pod of a workload keeps an earlier template: by `OnDelete` or by the `partition` of its workload.',
    '`updateStrategy: {type: OnDelete}`',
    'Remove the pod and run `podpose up`, or lower the partition.',
  ],
  'containers-not-seen': [
    'Containers were started, but podman did not list them afterwards.',
    'podman fails after `up`',
    '`podpose ps`.',
  ],
  'deadline-exceeded': [
    'A pod was stopped at its `activeDeadlineSeconds`.',
    '`activeDeadlineSeconds: 10`',
    'Raise it, or make the pod faster.',
  ],
  'no-logs': [
    'The log of a container cannot be read.',
    '`log_driver = "none"`',
    'Do what the message says for the log driver.',
  ],
  'log-lines-dropped': [
    'Warning: journald has dropped lines.',
    'thousands of lines a second',
    'Raise `RateLimitBurst=` in journald.conf, or use the log driver `k8s-file`.',
  ],
} as const satisfies DiagnosticRows;
