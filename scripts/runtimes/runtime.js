/**
 * @file Which runtime this is.
 */
const { Deno, Bun, process } = globalThis

export const runtime = Deno
  ? `Deno ${Deno.version.deno}`
  : Bun
    ? `Bun ${Bun.version}`
    : `Node ${process.versions.node}`
