import type { Printer } from './print.ts';

export interface SceneResult {
  readonly title: string;
  readonly held: boolean;
  readonly ms: number;
}

/** The table at the end, one row a scene. */
export function summaryTable(results: readonly SceneResult[], paint: Printer['paint']): readonly string[] {
  const width = Math.max(...results.map(({ title }) => title.length), 10);
  const rows = results.map(({ title, held, ms }, index) => {
    const mark = held ? paint('green', 'да ') : paint('red', 'НЕТ');
    return `${String(index + 1).padStart(3)}  ${title.padEnd(width)}  ${mark}  ${ms.toFixed(0).padStart(7)} мс`;
  });
  return [paint('bold', `  №  ${'Сцена'.padEnd(width)}  Верно      Время`), ...rows];
}

/** Commands to type by hand; `file` tells the operator's password, as `./anika up` writes it. */
export function curlCommands({ api, file }: { api: string; file: string }): readonly string[] {
  const token = `node -pe 'JSON.parse(require("fs").readFileSync(0)).accessToken'`;
  const id = `node -pe 'JSON.parse(require("fs").readFileSync(0)).id'`;
  const json = `-H 'content-type: application/json'`;
  return [
    `API=${api}; LOGIN=$(node -p 'JSON.stringify(require("${file}").operator)')`,
    `OPERATOR=$(curl -s $API/v1/auth/login ${json} -d "$LOGIN" | ${token})`,
    `curl -s $API/v1/partners -H "authorization: Bearer $OPERATOR" ${json} -d '{"name":"Мой салон","admin":{"email":"me@salon.example","password":"correct-horse-9"}}'`,
    `SALON=$(curl -s $API/v1/auth/login ${json} -d '{"email":"me@salon.example","password":"correct-horse-9"}' | ${token})`,
    `TOPIC=$(curl -s $API/v1/topics -H "authorization: Bearer $SALON" ${json} -d '{"name":"Тест-драйвы"}' | ${id})`,
    `curl -s $API/v1/topics/$TOPIC/messages -H "authorization: Bearer $SALON" ${json} -d '{"type":"drive.booked","data":{"city":"Казань"}}'`,
    `curl -s "$API/v1/messages?topicId=$TOPIC" -H "authorization: Bearer $SALON"`,
  ];
}
