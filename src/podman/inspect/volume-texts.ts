import { succeeded } from '../../platform/process.ts';
import type { PodmanClient } from '../client/client.ts';

/** A file in a volume. */
export interface VolumeFilePath {
  /** podman's name of the volume. */
  readonly volume: string;
  /** Relative to the root of the volume. */
  readonly path: string;
}

/** Maximum size of a file in bytes. A longer file is not shown. */
const LONGEST_FILE = 65_536;
/** Maximum number of files. */
const MOST_FILES = 64;

/** Prints each file as a line of base64, and `-` for a file that cannot be read. */
const SCRIPT = `for f; do if [ -f "$f" ]; then head -c ${LONGEST_FILE + 1} "$f" | base64 | tr -d '\\n'; else printf -; fi; echo; done`;

/**
 * The texts of files in volumes, in the order of the files. A text is undefined if the file is missing, too long or not
 * a text. Empty if podman cannot read its volumes, as on a remote machine. Two commands for any number of files.
 */
export async function readVolumeTexts(
  podman: PodmanClient,
  files: readonly VolumeFilePath[],
): Promise<readonly (string | undefined)[]> {
  const volumes = [...new Set(files.map(({ volume }) => volume))];
  if (files.length === 0 || files.length > MOST_FILES) return [];
  const format = '{{.Name}} {{.Mountpoint}}';
  const inspected = await podman.query({ args: ['volume', 'inspect', '--format', format, ...volumes] });
  if (!succeeded(inspected)) return [];
  const directories = new Map(
    inspected.stdout.split('\n').map((line) => {
      const [name = '', ...directory] = line.split(' ');
      return [name, directory.join(' ')] as const;
    }),
  );
  const paths = files.map(({ volume, path }) => `${directories.get(volume) ?? ''}/${path}`);
  const read = await podman.query({ args: ['unshare', 'sh', '-c', SCRIPT, 'sh', ...paths] });
  return succeeded(read) ? read.stdout.split('\n').map(textOf) : [];
}

function textOf(base64: string): string | undefined {
  if (base64 === '-') return undefined;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > LONGEST_FILE) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
