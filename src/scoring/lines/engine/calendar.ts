// The civil calendar.

/** Days of a month. */
export function daysOf(year: i32, month: i32): i32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
}

/** Days since 1970-01-01. Years begin in March here, so that the day that is not in every year comes last. */
export function dayOf(year: i32, month: i32, date: i32): i32 {
  if (month <= 2) year--
  const era = year / 400
  const inEra = year - era * 400
  const inYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + date - 1
  return era * 146_097 + inEra * 365 + inEra / 4 - inEra / 100 + inYear - 719_468
}
