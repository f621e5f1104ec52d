import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mentionedImages } from '../../src/manifest/mentioned-images.ts';

describe('The images that a manifest mentions', () => {
  const rows: readonly (readonly [why: string, text: string, images: readonly string[]])[] = [
    ['a field', '  image: nginx:1.27\n', ['nginx:1.27']],
    ['the first field of an item', '  - image: nginx\n    name: web\n', ['nginx']],
    ['in quotes', '  image: "quay.io/a/b@sha256:abc"\n  - image: \'x\'\n', ['quay.io/a/b@sha256:abc', 'x']],
    ['in JSON', '{\n  "image": "nginx",\n  "name": "web"\n}', ['nginx']],
    ['with a comment', 'image: nginx # the web server\n', ['nginx']],
    ['the volume that is an image', '  reference: nginx\n', ['nginx']],
    ['each once', 'image: a\nimage: b\nimage: a\n', ['a', 'b']],
    ['not another field', 'imagePullPolicy: Always\nmyimage: a\n', []],
    ['not an alias or an anchor', 'image: *web\nimage: &web nginx\n', []],
    ['not a map', 'image:\n  reference: nginx\n', ['nginx']],
    [
      'nothing that a Secret says',
      'kind: Secret\nstringData:\n  app.yaml: |\n    image: hunter2\n---\nkind: Pod\nspec: { containers: [] }\nimage: a\n',
      ['a'],
    ],
  ];
  for (const [why, text, images] of rows)
    it(why, () => {
      assert.deepEqual(
        mentionedImages(text).filter((name) => !/^\*+$/.test(name)),
        images,
      );
    });
});
