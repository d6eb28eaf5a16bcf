/** A share as a percentage with one decimal: `92.8%`. */
export const percent = (share: number): string => `${Math.round(1000 * share) / 10}%`
