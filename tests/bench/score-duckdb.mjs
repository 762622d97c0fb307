// The baseline of the score benchmark: the same answer from DuckDB, with one scan and one grouping of the records.
// node score-duckdb.mjs <scheme.json> <roster.csv> <records.csv> <out.json> <threads>
import { readFileSync, writeFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'

const [schemeFile, roster, records, out, threads] = process.argv.slice(2)
const { indicators, from, to, attributes, withIds, terms } = JSON.parse(readFileSync(schemeFile, 'utf8'))
const text = (value) => `'${value.replaceAll("'", "''")}'`

/** What actions are added up over before a cap is applied: a day for runs, else the cap's bucket. */
function bucket({ streak, per }) {
  if (streak || per === 'day') return 'day'
  if (per === 'week') return "date_trunc('week', day)::date"
  if (per === 'month') return "date_trunc('month', day)::date"
  return `date '${from}'`
}

const runs = indicators
  .filter(({ streak }) => streak)
  .map(({ name }) => text(name))
  .concat("''")
  .join(', ')
const cases = (pick) => indicators.map((one) => `when ${text(one.name)} then ${pick(one)}`).join(' ')
const valid = indicators
  .filter(({ requirement }) => requirement)
  .map(({ name, requirement: { kind, conditions } }) => {
    const bound = ({ attribute, min, max }) =>
      [min !== undefined && `"${attribute}" >= ${min}`, max !== undefined && `"${attribute}" <= ${max}`]
        .filter(Boolean)
        .join(' and ')
    const held = conditions.map((one) => `(${bound(one)})`)
    const carried = conditions.map(({ attribute }) => `"${attribute}" is not null`)
    const all = conditions.map((one) => `coalesce(${bound(one)}, true)`)
    const holds =
      kind === 'all'
        ? all.join(' and ')
        : `(not (${carried.join(' or ')})) or coalesce(${held.join(' or ')}, false)`
    return `when ${text(name)} then ${holds}`
  })
  .join(' ')

const columns = {
  account: 'VARCHAR',
  indicator: 'VARCHAR',
  time: 'TIMESTAMP',
  count: 'INTEGER',
  ...(withIds && { id: 'VARCHAR' }),
  ...Object.fromEntries(attributes.map((name) => [name, 'DOUBLE'])),
}
const source = `read_csv(${text(records)}, header = true, auto_detect = false, delim = ',', quote = '"',
  timestampformat = '%Y-%m-%d %H:%M', columns = ${JSON.stringify(columns).replaceAll('"', "'")})`
const fields = ['account', 'indicator', 'time', 'count', ...attributes].map((name) => `"${name}"`)
const once = withIds
  ? `(select ${fields.map((name) => `any_value(${name}) ${name}`).join(', ')} from ${source} group by id)`
  : source

const instance = await DuckDBInstance.create(':memory:', { threads })
const db = await instance.connect()
await db.run('set preserve_insertion_order = false')
await db.run(`create temp table people as
  select "账号" account, "姓名" "name", "学校代码" school, "学校名称" school_name, "街镇" town, "学段" stage,
    contains("角色", '教师') teacher, contains("角色", '管理员') administrator, "状态" = '在岗' active
  from read_csv(${text(roster)}, all_varchar = true, header = true)`)
await db.run(`create temp table sums as
  select account, indicator, case indicator ${cases(bucket)} end bucket, sum("count") n
  from (select *, "time"::date as day from ${once})
  where day between date '${from}' and date '${to}' and ${valid ? `case indicator ${valid} else true end` : 'true'}
  group by all`)
await db.run(`create temp table scores as
  with capped as (
    select account, indicator,
      sum(least(n, case indicator ${cases((one) => one.times ?? 1e15)} end) * case indicator ${cases((one) => one.points ?? 0)} end) points
    from sums where indicator not in (${runs}) group by all
  ), days as (
    select account, indicator, bucket - (row_number() over (partition by account, indicator order by bucket))::int run
    from sums where n > 0 and indicator in (${runs})
  ), runs as (select account, indicator, count(*) length from days group by account, indicator, run)
  select * from capped where points <> 0
  union all select account, indicator, sum(length + greatest(length - 7, 0)) from runs group by all`)
for (const role of ['teacher', 'administrator']) {
  const own = indicators
    .filter((one) => one.role === role)
    .map(({ name }) => text(name))
    .concat("''")
    .join(', ')
  await db.run(`create temp table ${role}s as
    with sums as (select account, sum(points) points, map(list(indicator), list(points)) indicators from scores
      where indicator in (${own}) group by account)
    select account, name, school, coalesce(points, 0) points, rank() over (order by coalesce(points, 0) desc) "rank", indicators
    from people left join sums using (account) where active and ${role} order by "rank", account`)
}
await db.run(`create temp table schools as
  with scored as (select school code, any_value(school_name) "name", any_value(town) town, any_value(stage) stage,
      count(*) filter (active) members, count(*) filter (active and teacher) teachers from people group by school),
    means as (${['teacher', 'administrator'].map((role) => `select '${role}' "role", school, avg(points) mean from ${role}s group by school`).join(' union all ')}),
    total as (select school, round(sum(mean), 6) score from means where "role" in (${terms.map(text).join(', ')}) group by school)
  select code, "name", town, stage, score, rank() over (order by score desc) "rank", members
  from scored join total on school = code where teachers > 0 order by "rank", code`)
const lists = {}
for (const list of ['teachers', 'administrators', 'schools']) {
  await db.run(`copy ${list} to ${text(`${out}.${list}`)} (format json)`)
  lists[list] = `${out}.${list}`
}
writeFileSync(out, JSON.stringify(lists))
