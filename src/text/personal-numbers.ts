/** A mobile number, perhaps with the country's code, and nothing else. */
export function isPhoneNumber(text: string): boolean {
  return /^(?:\+?86)?1[3-9]\d{9}$/.test(text)
}

/** GB 11643-1999: region, birth date, order, and a check character by weights 2^i mod 11. */
export function isIdentityNumber(text: string): boolean {
  if (!/^[1-8]\d{5}(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]$/.test(text)) return false
  const sum = [...text.slice(0, 17)].reduce(
    (total, digit, at) => total + Number(digit) * (2 ** (17 - at) % 11),
    0,
  )
  return '10X98765432'[sum % 11] === text.slice(17).toUpperCase()
}

const identityForm = /(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])/g
const mobileForm = /(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)/g
const fixedForm = /(?<!\d)\(?0\d{2,3}\)?[-\s]\d{7,8}(?!\d)/g

/** Whether a code is a phone or identity number, or holds one among letters. */
export function holdsPersonalNumber(code: string): boolean {
  return holdsIdentityNumber(code) || code.search(mobileForm) >= 0
}

/** Whether an identity number with a right check character stands in the text. */
export function holdsIdentityNumber(text: string): boolean {
  return (text.match(/(?<!\d)\d{17}[\dXx](?!\d)/g) ?? []).some(isIdentityNumber)
}

/** The text without the phone and identity numbers in it. */
export function withoutPersonalNumbers(text: string): string {
  if (!/\d{7}/.test(text)) return text
  return text.replace(identityForm, '').replace(mobileForm, '').replace(fixedForm, '')
}

/** An account as it may be shown: one that is a phone number without its middle, 138****5678. */
export function shownAccount(account: string): string {
  return account.replace(mobileForm, (phone) => `${phone.slice(0, -8)}****${phone.slice(-4)}`)
}
