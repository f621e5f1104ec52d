#!/usr/bin/env bash
# npm run try: from a fresh clone to a running pod. Sets up what this machine lacks, starts examples/hello, fetches its page and
# shows its state. As root, podman and podpose are run as an ordinary user.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/setup/node.sh
scripts/setup/podman.sh
here=$PWD
cd "$(scripts/setup/checkout.sh)"
scripts/setup/as-user.sh scripts/images/build.sh busybox

manifest=examples/hello/pod.yaml
url=http://127.0.0.1:$(sed -n 's/^ *\(- \)\{0,1\}hostPort: *//p' $manifest | head -n 1)/
podpose=(node dist/podpose.js)
if [ "$(id -u)" = 0 ]; then podpose=(scripts/setup/as-user.sh "${podpose[@]}"); fi

run() {
  printf '\n$ %s\n' "$*"
  "$@"
}
run "${podpose[@]}" up -d $manifest
printf '\n$ fetch %s\n' "$url"
# The server in the container may need a moment more than its start.
node - "$url" <<'EOF'
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
EOF
run "${podpose[@]}" ps $manifest

echo
echo "It runs: have a look at $url. To stop it and take it away:"
if [ "$PWD" != "$here" ]; then echo "  cd $PWD"; fi
echo "  ${podpose[*]} down $manifest"
