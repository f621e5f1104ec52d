/** A podman release. Only what gates need: 5.4.2-rc1 counts as 5.4.2. */
export interface PodmanVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** The oldest podman that podpose works with: what Debian 12 ships. */
export const OLDEST_PODMAN: PodmanVersion = { major: 4, minor: 3, patch: 0 };

/** Reads what `podman --version` prints (`podman version 4.3.1`); undefined when that is something else. */
export function parseVersion(text: string): PodmanVersion | undefined {
  const match = /podman version (\d+)\.(\d+)(?:\.(\d+))?/i.exec(text);
  if (match === null) return undefined;
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3] ?? 0) };
}

export function formatVersion(version: PodmanVersion): string {
  return `${version.major}.${version.minor}.${version.patch}`;
}

export function isAtLeast(version: PodmanVersion, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}

/**
 * What differs between the podman versions that users have. This is the one place that compares version
 * numbers; everything else asks for an ability by its name.
 */
export interface PodmanCapabilities {
  /** `podman volume create --opt type=tmpfs --opt o=size=...` is taken (4.8.0; before, size meant a disk quota). */
  readonly tmpfsSize: boolean;
  /** What `podman update` changes holds when the container starts again, and `--restart` is among it (5.1.0). */
  readonly lastingUpdate: boolean;
  /** `podman pod create --hosts-file none` leaves the machine's own names out of /etc/hosts (5.4.0). */
  readonly hostsFile: boolean;
  /**
   * `podman run --mount type=volume,subpath=...`: podman then looks for a symbolic link that leads out of the volume
   * each time the container starts (5.4.0).
   */
  readonly volumeSubPath: boolean;
  /** `podman run --mount type=image,subpath=...` (5.4.0). */
  readonly imageSubPath: boolean;
  /**
   * Whoever stops a container holds the lock of its pod until it has ended, and all else that would start, make, stop or
   * remove a container of the pod waits; `podman pod rm --force` stops all containers at once, and no longer one after
   * the other (5.5.0).
   */
  readonly stopLocksPod: boolean;
}

export function capabilitiesOf(version: PodmanVersion): PodmanCapabilities {
  return {
    tmpfsSize: isAtLeast(version, 4, 8),
    lastingUpdate: isAtLeast(version, 5, 1),
    hostsFile: isAtLeast(version, 5, 4),
    volumeSubPath: isAtLeast(version, 5, 4),
    imageSubPath: isAtLeast(version, 5, 4),
    stopLocksPod: isAtLeast(version, 5, 5),
  };
}
