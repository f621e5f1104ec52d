/** The images that the scenarios use. All are made by scripts/images/build.sh. */
export const BUSYBOX = 'docker.io/library/busybox:1.36';
/** See scripts/images/podpose-test: prints and serves what it was given, and ends at once when it is told to. */
export const TEST_IMAGE = 'localhost/podpose-test:1';
export const TEST_IMAGE_2 = 'localhost/podpose-test:2';

export const NEEDED_IMAGES = [
  BUSYBOX,
  TEST_IMAGE,
  TEST_IMAGE_2,
  'docker.io/library/debian:12',
  'docker.io/library/nginx:1.27',
  'docker.io/library/node:20',
  'docker.io/library/tomcat:10.1',
];
