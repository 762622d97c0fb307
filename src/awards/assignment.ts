/** How many judges a nominee gets when there are too many for everybody to score all. */
export interface AssignmentRule {
  /** Up to so many nominees, every judge scores all. */
  scoreAllUpTo: number
  /** Beyond: judges for each nominee, and how few are still enough for a result. */
  perNominee: number
  least: number
}

export const usualAssignment: AssignmentRule = { scoreAllUpTo: 30, perNominee: 5, least: 3 }

export interface AssignmentQuestion {
  nominees: readonly string[]
  judges: readonly string[]
  isConflict(judge: string, nominee: string): boolean
  /** Nominees whose sheets a judge has begun: they stay, and the rest is shared out around them. */
  begun?: ReadonlyMap<string, readonly string[]>
  /** The same seed gives the same assignment. */
  seed: number
  rule?: AssignmentRule
}

export interface Assignment {
  /** Nominees by judge, in the order of the question. */
  sheets: ReadonlyMap<string, readonly string[]>
  /** Nominees with fewer judges than a result needs. */
  short: readonly { nominee: string; judges: number }[]
  /** Whether all judges that may carry more or less have loads within 1 of each other. */
  isEven: boolean
}

/**
 * Shares nominees out among judges, nobody to a judge in conflict. Each nominee goes to the judges with the least to
 * do; what conflicts have made uneven is evened out afterwards, as far as they permit.
 */
export function assignSheets(question: AssignmentQuestion): Assignment {
  const { nominees, judges, rule = usualAssignment } = question
  const permitted = nominees.map((nominee) =>
    judges.flatMap((judge, at) => (question.isConflict(judge, nominee) ? [] : [at])),
  )
  const scoreAll = nominees.length <= rule.scoreAllUpTo
  const begun = nominees.map(
    (nominee) =>
      new Set(judges.flatMap((judge, at) => (question.begun?.get(judge)?.includes(nominee) ? [at] : []))),
  )
  const chosen = scoreAll
    ? permitted.map((list, at) => new Set([...list, ...(begun[at] ?? [])]))
    : shareOut({ permitted, begun }, question)
  const lists = judges.map((_, judge) => nominees.filter((_, at) => chosen[at]?.has(judge)))
  const loads = lists.map(({ length }) => length)
  return {
    sheets: new Map(judges.map((judge, at) => [judge, lists[at] ?? []])),
    short: nominees.flatMap((nominee, at) => {
      const count = chosen[at]?.size ?? 0
      return count < rule.least ? [{ nominee, judges: count }] : []
    }),
    isEven: scoreAll || Math.max(0, ...loads) - Math.min(Infinity, ...loads) <= 1,
  }
}

function shareOut(
  { permitted, begun }: Pick<Shares, 'permitted' | 'begun'>,
  { judges, seed, rule = usualAssignment }: AssignmentQuestion,
): Set<number>[] {
  const random = randomFrom(seed)
  // Equal loads are told apart by chance, so that not the same judges meet over and over.
  const chance = judges.map(() => 0)
  const loads = judges.map((_, judge) => begun.filter((own) => own.has(judge)).length)
  const chosen = begun.map((own) => new Set(own))
  // Nominees with few judges to choose from come first, else by chance.
  const order = permitted
    .map((list, at) => ({ at, free: list.length, chance: random() }))
    .sort((a, b) => a.free - b.free || a.chance - b.chance)
  for (const { at } of order) {
    for (const judge of chance.keys()) chance[judge] = random()
    const own = begun[at] ?? new Set()
    const list = (permitted[at] ?? []).filter((judge) => !own.has(judge))
    list.sort((a, b) => (loads[a] ?? 0) - (loads[b] ?? 0) || (chance[a] ?? 0) - (chance[b] ?? 0))
    for (const judge of list.slice(0, Math.max(rule.perNominee - own.size, 0))) {
      chosen[at]?.add(judge)
      loads[judge] = (loads[judge] ?? 0) + 1
    }
  }
  evenOut({ permitted, begun, chosen, loads })
  return chosen
}

interface Shares {
  permitted: readonly number[][]
  /** By nominee, who has begun a sheet: it is not handed on. */
  begun: readonly ReadonlySet<number>[]
  chosen: Set<number>[]
  loads: number[]
}

/** Hands sheets on along chains of judges until no load is 2 above another that could take it. */
function evenOut(shares: Shares): void {
  const { loads } = shares
  const isStuck = new Set<number>()
  for (;;) {
    const from = extreme(loads, (judge) => !isStuck.has(judge))
    if (from === undefined || (loads[from] ?? 0) - Math.min(...loads) <= 1) return
    const chain = chainFrom(from, shares)
    if (!chain) {
      isStuck.add(from)
      continue
    }
    for (const { nominee, giver, taker } of chain) {
      shares.chosen[nominee]?.delete(giver)
      shares.chosen[nominee]?.add(taker)
    }
    const last = chain.at(-1)?.taker ?? from
    loads[from] = (loads[from] ?? 0) - 1
    loads[last] = (loads[last] ?? 0) + 1
  }
}

function extreme(loads: readonly number[], isAsked: (judge: number) => boolean): number | undefined {
  let best: number | undefined
  for (const [judge, load] of loads.entries()) {
    if (isAsked(judge) && (best === undefined || load > (loads[best] ?? 0))) best = judge
  }
  return best
}

interface HandedOn {
  nominee: number
  giver: number
  taker: number
}

/** The shortest chain by which one sheet of a judge ends with one who has at least 2 fewer. */
function chainFrom(start: number, { permitted, begun, chosen, loads }: Shares): HandedOn[] | undefined {
  const reached = new Map<number, HandedOn | undefined>([[start, undefined]])
  const queue = [start]
  for (const giver of queue) {
    if ((loads[giver] ?? 0) <= (loads[start] ?? 0) - 2) return trail(giver, reached)
    for (const [nominee, own] of chosen.entries()) {
      if (!own.has(giver) || begun[nominee]?.has(giver)) continue
      for (const taker of permitted[nominee] ?? []) {
        if (own.has(taker) || reached.has(taker)) continue
        reached.set(taker, { nominee, giver, taker })
        queue.push(taker)
      }
    }
  }
  return undefined
}

function trail(end: number, reached: ReadonlyMap<number, HandedOn | undefined>): HandedOn[] {
  const steps: HandedOn[] = []
  for (let step = reached.get(end); step; step = reached.get(step.giver)) steps.unshift(step)
  return steps
}

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
