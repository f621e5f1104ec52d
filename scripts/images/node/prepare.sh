#!/usr/bin/env bash
# Node 20 and its npm, from npm's own packages.
set -euo pipefail

# unpack PACKAGE FOLDER
unpack() {
  mkdir -p "$2"
  tar -xzf "$(npm pack --silent "$1")" --strip-components=1 -C "$2"
}

lib=root/usr/local/lib/node_modules
unpack "node-linux-$(node -p process.arch)@20" node-package
unpack npm@10 "$lib/npm"
mkdir -p root/usr/local/bin
mv node-package/bin/node root/usr/local/bin/node
for program in npm npx; do ln -s "../lib/node_modules/npm/bin/$program-cli.js" "root/usr/local/bin/$program"; done
