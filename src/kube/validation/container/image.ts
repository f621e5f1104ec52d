import type { FieldPath } from '../../../base/path.ts';
import type { Finding } from '../finding.ts';
import { parseImageReference } from '../../spec/image-reference.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';

/** Blanks at the ends as Go's strings.TrimSpace sees them. */
const OUTER_BLANKS = /^(?!\uFEFF)[\s\x85]|(?!\uFEFF)[\s\x85]$/;

/**
 * A server asks for an image and refuses blanks at its ends in a pod (validateContainerOnlyForPod in
 * pkg/apis/core/validation); the form of the name is a rule of podpose.
 * https://kubernetes.io/docs/concepts/containers/images/#image-names
 */
export function* checkImages(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod)) {
    const imagePath = [...path, 'image'];
    const { image } = value;
    if (image === undefined || image === '') {
      if (!pod.isPruned(imagePath))
        yield { code: 'missing-field', path, message: "missing required field 'image'" };
    } else if (OUTER_BLANKS.test(image) && pod.isTemplate !== true)
      yield {
        code: 'image-blank',
        path: imagePath,
        message: `must not begin or end with a blank, got '${image}'`,
        ...(image.trim() === '' ? {} : { suggestion: image.trim() }),
      };
    else yield* checkImageName(image, imagePath);
  }
}

/** Checks the syntax of an image name. */
export function* checkImageName(image: string, path: FieldPath): Iterable<Finding> {
  if (image.trim() === '') yield { code: 'invalid-image', path, message: 'must not be empty' };
  else if (/\s/.test(image))
    yield {
      code: 'invalid-image',
      path,
      message: `invalid image name '${image}': contains a space`,
      suggestion: image.replace(/\s+/g, ''),
    };
  else if (parseImageReference(image) === undefined) yield malformed(image, path);
}

function malformed(image: string, path: FieldPath): Finding {
  const lower = image.toLowerCase();
  const onlyCapitals = lower !== image && parseImageReference(lower) !== undefined;
  return {
    code: 'invalid-image',
    path,
    message: onlyCapitals
      ? `invalid image name '${image}': uppercase letters are allowed only in the tag`
      : `invalid image name '${image}': expected a form like 'registry.example/path/name:tag'`,
    ...(onlyCapitals ? { suggestion: lower } : {}),
  };
}
