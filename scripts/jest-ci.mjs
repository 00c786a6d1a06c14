/** True on a CI machine: there, a test that cannot run has failed. CI systems set `CI`, nearly all of them to `true`. */
export const inCi = !['', '0', 'false'].includes(process.env.CI ?? '');
