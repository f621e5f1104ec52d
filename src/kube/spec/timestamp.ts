/** With one digit for the hour and with a comma before the fraction, as Go's time.Parse takes RFC 3339. */
const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)([.,]\d+)?(?:Z|[-+](\d\d):(\d\d))$/;

/**
 * Whether Go's decoder takes the text for a time (Time and MicroTime in k8s.io/apimachinery/pkg/apis/meta/v1). A MicroTime has
 * exactly six digits after the second.
 */
export function isTimestamp(text: string, precision: 'any' | 'micro'): boolean {
  const match = TIME.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const [fraction = '', zoneHours = '0', zoneMinutes = '0'] = match.slice(7);
  if (precision === 'micro' && fraction.length !== '.000000'.length) return false;
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysOf(year, month) &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    Number(zoneHours) <= 24 &&
    Number(zoneMinutes) <= 60
  );
}

function daysOf(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2) return isLeap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
