/** Of the copy of a static pod that a kubelet registers. */
export const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';
