/**
 * @file The units of length that OME-Zarr names, in metres.
 */
const prefixes = [
  ['yocto', -24],
  ['zepto', -21],
  ['atto', -18],
  ['femto', -15],
  ['pico', -12],
  ['nano', -9],
  ['micro', -6],
  ['milli', -3],
  ['centi', -2],
  ['deci', -1],
  ['', 0],
  ['hecto', 2],
  ['kilo', 3],
  ['mega', 6],
  ['giga', 9],
  ['tera', 12],
  ['peta', 15],
  ['exa', 18],
  ['zetta', 21],
  ['yotta', 24],
] as const

/** Source: https://ngff.openmicroscopy.org/0.5/#axes-md */
export const metresOf: ReadonlyMap<string, number> = new Map([
  ...prefixes.map(([name, power]) => [`${name}meter`, Number(`1e${power}`)] as const),
  ['angstrom', 1e-10],
  ['inch', 0.0254],
  ['foot', 0.3048],
  ['yard', 0.9144],
  ['mile', 1609.344],
  ['parsec', 3.0857e16],
])
