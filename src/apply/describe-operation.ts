import type { Operation } from '../podman/operations/operation.ts';

/** What an operation does, in words that can follow "cannot": `pull the image nginx:1.27`. */
export function describeOperation(operation: Operation): string {
  switch (operation.kind) {
    case 'pull-image':
      return `pull the image ${operation.image}`;
    case 'check-image-user':
      return `run container ${operation.container} of pod ${operation.pod}, which is not to be root`;
    case 'create-volume':
      return `create the volume ${operation.volume} of pod ${operation.pod}`;
    case 'set-volume-mode':
      return `open the volumes of pod ${operation.pod} to all users`;
    case 'create-claim-volume':
      return `create the volume of the claim ${operation.claimName}`;
    case 'set-volume-ownership':
      return `give ${operation.volumes.join(', ')} to the fsGroup of pod ${operation.pod}`;
    case 'mount-volume':
      return `keep the volume ${operation.volume} of pod ${operation.pod} in memory`;
    case 'write-files':
      return `write the files of volume ${operation.volume} of pod ${operation.pod}`;
    case 'create-files-record':
    case 'finish-files-record':
      return `put down what the volumes of pod ${operation.pod.name} hold`;
    case 'make-host-path':
      return `make ${operation.path}`;
    case 'make-termination-log':
      return `make a file for the last message of container ${operation.container} of pod ${operation.pod}`;
    case 'make-sub-path':
      return `make the folder ${operation.subPath} for container ${operation.container} of pod ${operation.pod}`;
    case 'close-sub-paths':
      return `unmount the subPaths of pod ${operation.pod}`;
    case 'create-secret':
      return `hand a secret to podman, for variable ${operation.variable} of container ${operation.container} of pod ${operation.pod}`;
    case 'create-pod':
      return `create the pod ${operation.pod.name}`;
    case 'start-infra':
      return `start the infra container of pod ${operation.pod}`;
    case 'run-container':
      return `run ${operation.container.role === 'init' ? 'init container' : 'container'} ${operation.container.name} of pod ${operation.pod.name}`;
    case 'create-replacement':
      return `create the new container ${operation.container.name} of pod ${operation.pod.name}`;
    case 'start-container':
      return `start ${operation.isReplacement ? 'the new container' : 'container'} ${operation.container} of pod ${operation.pod}`;
    case 'verify-running':
      return `see the new container ${operation.container} of pod ${operation.pod} running`;
    case 'update-container':
      return `update container ${operation.container.name} of pod ${operation.pod.name}`;
    case 'create-container-record':
      return `put down what container ${operation.container.name} of pod ${operation.pod.name} was updated to`;
    case 'unpause-container':
      return `let container ${operation.container} of pod ${operation.pod} go on`;
    case 'stop-containers':
      return `stop ${operation.containers.length === 1 ? 'container' : 'containers'} ${operation.containers.join(', ')} of pod ${operation.pod}`;
    case 'rename-container':
      return `give ${operation.from} the name of container ${operation.container} of pod ${operation.pod}`;
    case 'remove-pod':
      return `remove the pod ${operation.pod}`;
    case 'remove-containers':
      return `remove ${operation.containers.join(', ')}`;
    case 'remove-volumes':
      return `remove the volumes ${operation.volumes.join(', ')}`;
    case 'remove-secrets':
      return `remove the podman secrets ${operation.secrets.join(', ')}`;
  }
}
