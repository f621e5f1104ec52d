import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { isTerminationMount, terminationVolume } from '../../kube/spec/termination-message.ts';
import { lastAppliedContainer } from '../last-applied.ts';
import { containerName, podVolumeName } from '../names.ts';
import type { ObservedContainer } from './observed.ts';
import { succeeded } from '../../platform/process.ts';
import type { PodmanClient } from '../client/client.ts';

/** Bytes of the message file that are read (MaxContainerTerminationMessageLength in pkg/kubelet/container/runtime.go). */
const LONGEST_MESSAGE = 4096;
/**
 * The part of the log that replaces a missing message, in bytes and lines (MaxContainerTerminationMessageLogLength and
 * ...LogLines there).
 */
const LONGEST_LOG = 2048;
const LOG_LINES = 80;

/** Where the termination message of a container is stored. */
export interface MessageSource {
  /** podman's name of the container. */
  readonly name: string;
  /** The message file and podman's name of its volume. */
  readonly file?: { readonly volume: string; readonly name: string };
  /** Whether the end of the log replaces a missing message after a failure (FallbackToLogsOnError). */
  readonly orLog: boolean;
}

/** The part of a container that determines the source of its message. */
export type MessageContainer = Pick<DesiredContainer, 'name' | 'terminationMessagePolicy'> & {
  readonly volumeMounts: readonly { readonly name: string }[];
};

export function messageSource(pod: Pick<DesiredPod, 'name'>, container: MessageContainer): MessageSource {
  const { volumeMounts, terminationMessagePolicy } = container;
  return sourceFrom(
    pod.name,
    container.name,
    volumeMounts.some(isTerminationMount),
    terminationMessagePolicy,
  );
}

/** The message source of an observed container, from its last-applied record. */
export function observedMessageSource({ labels, owner }: ObservedContainer): MessageSource | undefined {
  const lastApplied = lastAppliedContainer(labels);
  if (lastApplied === undefined || owner?.name === undefined) return undefined;
  const { volumeMounts, terminationMessagePolicy } = lastApplied;
  return sourceFrom(owner.pod, owner.name, volumeMounts.some(isTerminationMount), terminationMessagePolicy);
}

function sourceFrom(
  pod: string,
  container: string,
  hasFile: boolean,
  policy: DesiredContainer['terminationMessagePolicy'],
): MessageSource {
  return {
    name: containerName({ name: pod }, { name: container }),
    ...(hasFile
      ? { file: { volume: podVolumeName({ name: pod }, terminationVolume), name: container } }
      : {}),
    orLog: policy === 'FallbackToLogsOnError',
  };
}

/**
 * The termination message without trailing line breaks; empty if there is none.
 * https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
 */
export async function readMessage(
  podman: PodmanClient,
  { name, file, orLog }: MessageSource,
  exitCode: number,
): Promise<string> {
  const message = file === undefined ? '' : await readFile(podman, file);
  if (message !== '' || !orLog || exitCode === 0) return message;
  const log = await podman.query({ args: ['logs', '--tail', LOG_LINES.toString(), name] });
  return lastBytes(`${log.stdout}\n${log.stderr}`.trim(), LONGEST_LOG);
}

async function readFile(
  podman: PodmanClient,
  { volume, name }: NonNullable<MessageSource['file']>,
): Promise<string> {
  const directory = await podman.query({
    args: ['volume', 'inspect', '--format', '{{.Mountpoint}}', volume],
  });
  if (!succeeded(directory)) return '';
  const path = `${directory.stdout.trim()}/${name}`;
  const { stdout } = await podman.query({
    args: ['unshare', 'head', '-c', LONGEST_MESSAGE.toString(), path],
  });
  return stdout.trimEnd();
}

/** The last bytes of a text, without a partial character at the beginning. */
function lastBytes(text: string, count: number): string {
  const bytes = Buffer.from(text);
  return bytes.length <= count
    ? text
    : bytes
        .subarray(-count)
        .toString()
        .replace(/^\uFFFD+/, '');
}
