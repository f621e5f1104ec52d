#!/usr/bin/env bash
# npm run try: from a fresh clone to a running pod. Sets up what this machine lacks (setup.sh), starts examples/hello in
# a separate podman storage, fetches its page and shows its state. As root, podman and podpose run as an ordinary user.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/setup.sh --yes
(cd "$(scripts/setup/checkout.sh)" && scripts/setup/as-user.sh scripts/images/build.sh busybox)

manifest=examples/hello/pod.yaml
url=http://127.0.0.1:$(sed -n 's/^ *\(- \)\{0,1\}hostPort: *//p' $manifest | head -n 1)/

run() {
  printf '\n$ %s\n' "$*"
  "$@"
}
run scripts/podpose.sh up -d $manifest
printf '\n$ fetch %s\n' "$url"
# The server may need a moment after the start of its container.
node - "$url" <<'SCRIPT'
const [, , url] = process.argv;
for (let attempt = 1; ; attempt += 1) {
  try {
    const answer = await fetch(url);
    console.log((await answer.text()).trimEnd());
    process.exit(answer.ok ? 0 : 1);
  } catch (error) {
    if (attempt === 50) throw error;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
SCRIPT
run scripts/podpose.sh ps $manifest

as=''
if [ "${PODPOSE_USER:-podpose}" != podpose ]; then as="PODPOSE_USER=$PODPOSE_USER "; fi
cat <<WORDS

It runs: have a look at $url. It is in a podman storage of its own, apart from your podman's. To see it there, and to take it away:
  $as$(printf %q "$PWD/scripts/setup/as-user.sh") podman ps
  $as$(printf %q "$PWD/scripts/podpose.sh") down $manifest
What was set up for it: npm run setup lists what is missing, npm run teardown takes back what it made.
WORDS
