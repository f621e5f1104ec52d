import { podmanWith, type Command } from './argument.ts';

/**
 * Removes the names of containers that do not run from the DNS server of a network: netavark keeps a file for each network,
 * with a line for each container, and the server reads all files again at SIGHUP. It ends by itself without a file.
 * @param ids podman's IDs of the containers
 */
export function removeNamesCommand(network: string, ids: readonly string[]): Command {
  const runRoot = { before: '', ask: { args: ['info', '--format', '{{.Store.RunRoot}}'] }, after: '' };
  return podmanWith(['unshare', 'sh', '-c', REMOVE_NAMES, 'sh', runRoot, network, ...ids]);
}

/** Under the lock of netavark, which changes the files as well. */
const REMOVE_NAMES = `cd "$1/networks/aardvark-dns" 2>/dev/null && [ -f "$2" ] || exit 0
exec 9>>../aardvark.lock
flock 9
file=$2
shift 2
for id; do sed -i "/^$id /d" "$file"; done
[ "$(grep -c . "$file")" -gt 1 ] || rm "$file"
kill -HUP "$(cat aardvark.pid)" 2>/dev/null || true`;
