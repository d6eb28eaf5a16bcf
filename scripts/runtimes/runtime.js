/**
 * @file Which runtime this is.
 */
const { Deno, Bun, process, navigator } = globalThis

export const runtime = Deno
  ? `Deno ${Deno.version.deno}`
  : Bun
    ? `Bun ${Bun.version}`
    : process
      ? `Node ${process.versions.node}`
      : navigator.userAgent.split(' ').at(-1)
