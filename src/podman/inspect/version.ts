/** A podman version without its pre-release part: 5.4.2-rc1 counts as 5.4.2. */
export interface PodmanVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** The oldest supported podman: the version in Debian 12. */
export const OLDEST_PODMAN: PodmanVersion = { major: 4, minor: 3, patch: 0 };

/** Parses the output of `podman --version` (`podman version 4.3.1`); undefined for any other text. */
export function parseVersion(text: string): PodmanVersion | undefined {
  const match = /podman version (\d+)\.(\d+)(?:\.(\d+))?/i.exec(text);
  if (match === null) return undefined;
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3] ?? 0) };
}

export function formatVersion(version: PodmanVersion): string {
  return `${version.major}.${version.minor}.${version.patch}`;
}

export function isAtLeast(version: PodmanVersion, major: number, minor: number, patch = 0): boolean {
  if (version.major !== major) return version.major > major;
  return version.minor > minor || (version.minor === minor && version.patch >= patch);
}

/** Differences between podman versions. Only this file compares version numbers; other code checks capabilities. */
export interface PodmanCapabilities {
  /** `podman volume create --opt type=tmpfs --opt o=size=...` sets the size (4.8.0; before, size was a disk quota). */
  readonly tmpfsSize: boolean;
  /** Changes by `podman update` survive a restart of the container, and `--restart` is supported (5.1.0). */
  readonly lastingUpdate: boolean;
  /** `podman secret inspect --showsecret` (4.7.0). */
  readonly showsSecrets: boolean;
  /** `podman run --security-opt label=nested` (4.5.0). */
  readonly nestedLabels: boolean;
  /** `podman pod create --hosts-file none` keeps the machine's /etc/hosts out of the pod (5.4.0). */
  readonly hostsFile: boolean;
  /**
   * `podman run --mount type=volume,subpath=...`. At each start of the container, podman refuses a symbolic link that
   * leaves the volume (5.4.0).
   */
  readonly volumeSubPath: boolean;
  /** `podman run --mount type=image,subpath=...` (5.4.0). */
  readonly imageSubPath: boolean;
  /**
   * `podman stop` holds the lock of the pod until the container has exited: other commands that create, start, stop or
   * remove containers of the pod wait. `podman pod rm --force` stops all containers in parallel, no longer one by one
   * (5.5.0).
   */
  readonly stopLocksPod: boolean;
  /**
   * podman's service makes changes like the commands do. Before, it does not notice in time what commands mount and
   * unmount beside it (5.0.0).
   */
  readonly requests: boolean;
  /**
   * The DNS server of a network asks the name servers of `podman pod create --dns`, and is the only one in resolv.conf.
   * Before, they replace it there, and without them those of the machine follow it (4.4.3).
   */
  readonly networkDnsForwards: boolean;
  /**
   * The bridge of a network keeps its MAC address. Before netavark 1.14, it changes as pods come and go, and the others
   * lose the gateway and DNS until their ARP entries expire (5.4.0, the release that needs netavark 1.14).
   */
  readonly fixedBridgeAddress: boolean;
  /** The names of a pod whose infra container has failed to start leave the DNS server of its network (5.0.0). */
  readonly removesFailedNames: boolean;
  /** The service computes the mapping of a pod's user namespace (5.3.0). Before, it ignores the options of the mode. */
  readonly usernsByRequest: boolean;
  /** `podman create --pids-limit` also records the limit in an annotation (5.5.0). */
  readonly pidsAnnotation: boolean;
  /** So do `--cpuset-cpus` and `--cpuset-mems` (5.6.0). */
  readonly cpusetAnnotations: boolean;
}

export function capabilitiesOf(version: PodmanVersion): PodmanCapabilities {
  return {
    tmpfsSize: isAtLeast(version, 4, 8),
    lastingUpdate: isAtLeast(version, 5, 1),
    showsSecrets: isAtLeast(version, 4, 7),
    nestedLabels: isAtLeast(version, 4, 5),
    hostsFile: isAtLeast(version, 5, 4),
    volumeSubPath: isAtLeast(version, 5, 4),
    imageSubPath: isAtLeast(version, 5, 4),
    stopLocksPod: isAtLeast(version, 5, 5),
    requests: isAtLeast(version, 5, 0),
    networkDnsForwards: isAtLeast(version, 4, 4, 3),
    fixedBridgeAddress: isAtLeast(version, 5, 4),
    removesFailedNames: isAtLeast(version, 5, 0),
    usernsByRequest: isAtLeast(version, 5, 3),
    pidsAnnotation: isAtLeast(version, 5, 5),
    cpusetAnnotations: isAtLeast(version, 5, 6),
  };
}
