import type { Language, Text } from '../language.ts';
import type { Printer } from './print.ts';
import { SUMMARY } from './texts.ts';

export interface SceneResult {
  readonly title: Text;
  readonly held: boolean;
  readonly ms: number;
}

/** The table at the end, one row a scene. */
export function summaryTable(
  results: readonly SceneResult[],
  { language, paint }: Pick<Printer, 'language' | 'paint'>,
): readonly string[] {
  const width = Math.max(...results.map(({ title }) => title[language].length), 10);
  const rows = results.map(({ title, held, ms }, index) => {
    const mark = held ? paint('green', SUMMARY.yes[language]) : paint('red', SUMMARY.no[language]);
    const time = `${ms.toFixed(0).padStart(7)} ${SUMMARY.unit[language]}`;
    return `${String(index + 1).padStart(3)}  ${title[language].padEnd(width)}  ${mark}  ${time}`;
  });
  const head = `  №  ${SUMMARY.scene[language].padEnd(width)}  ${SUMMARY.head[language]}`;
  return [paint('bold', head), ...rows];
}

const DATA = {
  ru: { company: 'Мой салон', topic: 'Тест-драйвы', city: 'Казань' },
  en: { company: 'My showroom', topic: 'Test drives', city: 'Kazan' },
} satisfies Record<Language, object>;

/** Commands to type by hand; `file` tells the operator's password, as `./anika up` writes it. */
export function curlCommands(
  { api, file }: { api: string; file: string },
  language: Language,
): readonly string[] {
  const { company, topic, city } = DATA[language];
  const token = `node -pe 'JSON.parse(require("fs").readFileSync(0)).accessToken'`;
  const id = `node -pe 'JSON.parse(require("fs").readFileSync(0)).id'`;
  const json = `-H 'content-type: application/json'`;
  return [
    `API=${api}; LOGIN=$(node -p 'JSON.stringify(require("${file}").operator)')`,
    `OPERATOR=$(curl -s $API/v1/auth/login ${json} -d "$LOGIN" | ${token})`,
    `curl -s $API/v1/partners -H "authorization: Bearer $OPERATOR" ${json} -d '{"name":"${company}","admin":{"email":"me@salon.example","password":"correct-horse-9"}}'`,
    `SALON=$(curl -s $API/v1/auth/login ${json} -d '{"email":"me@salon.example","password":"correct-horse-9"}' | ${token})`,
    `TOPIC=$(curl -s $API/v1/topics -H "authorization: Bearer $SALON" ${json} -d '{"name":"${topic}"}' | ${id})`,
    `curl -s $API/v1/topics/$TOPIC/messages -H "authorization: Bearer $SALON" ${json} -d '{"type":"drive.booked","data":{"city":"${city}"}}'`,
    `curl -s "$API/v1/messages?topicId=$TOPIC" -H "authorization: Bearer $SALON"`,
  ];
}
