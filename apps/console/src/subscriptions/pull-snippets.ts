export const SNIPPET_LANGUAGES = ['curl', 'node', 'python', 'go', 'java'] as const;
export type SnippetLanguage = (typeof SNIPPET_LANGUAGES)[number];

/** How the languages call themselves. */
export const SNIPPET_NAMES: Readonly<Record<SnippetLanguage, string>> = {
  curl: 'curl',
  node: 'Node.js',
  python: 'Python',
  go: 'Go',
  java: 'Java',
};

type Told = {
  /** Of the subscription: `https://anika.example/v1/subscriptions/sub_…`. */
  readonly url: string;
  /** Where the work of whoever pulls goes, in words. */
  readonly work: string;
  /** What has to be put in by hand, in words. */
  readonly fill: string;
};

/** A program that pulls, does its work and says so; the key is in `ANIKA_KEY`. */
export function pullSnippet(language: SnippetLanguage, told: Told): string {
  return SNIPPETS[language](told);
}

const SNIPPETS: Readonly<Record<SnippetLanguage, (told: Told) => string>> = {
  curl: ({ url, fill }) => `curl -s ${url}/pull \\
  -H "Authorization: Bearer $ANIKA_KEY" -H 'Content-Type: application/json' \\
  -d '{"max":10,"waitSeconds":20}'

# ${fill}
curl -s ${url}/ack \\
  -H "Authorization: Bearer $ANIKA_KEY" -H 'Content-Type: application/json' \\
  -d '{"items":[{"deliveryId":"dlv_…","lease":"…","outcome":"done"}]}'`,

  node: ({ url, work }) => `const url = '${url}';
const headers = { authorization: \`Bearer \${process.env.ANIKA_KEY}\`, 'content-type': 'application/json' };

async function call(what, body) {
  const answer = await fetch(\`\${url}/\${what}\`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(\`\${answer.status} \${await answer.text()}\`);
  return (await answer.json()).items;
}

while (true) {
  const items = await call('pull', { max: 10, waitSeconds: 20 });
  for (const { body } of items) console.log(body); // ${work}
  if (items.length === 0) continue;
  await call('ack', { items: items.map(({ deliveryId, lease }) => ({ deliveryId, lease, outcome: 'done' })) });
}`,

  python: ({ url, work }) => `import json, os, urllib.request

URL = '${url}'
HEADERS = {'Authorization': 'Bearer ' + os.environ['ANIKA_KEY'], 'Content-Type': 'application/json'}

def call(what, body):
    request = urllib.request.Request(URL + '/' + what, json.dumps(body).encode(), HEADERS)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)['items']

while True:
    items = call('pull', {'max': 10, 'waitSeconds': 20})
    for item in items:
        print(item['body'], flush=True)  # ${work}
    if items:
        call('ack', {'items': [
            {'deliveryId': item['deliveryId'], 'lease': item['lease'], 'outcome': 'done'} for item in items]})`,

  go: ({ url, work }) => `package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
)

const url = "${url}"

type item struct {
	DeliveryID string \`json:"deliveryId"\`
	Lease      string \`json:"lease"\`
	Body       string \`json:"body,omitempty"\`
	Outcome    string \`json:"outcome,omitempty"\`
}

func call(what string, body any) (answer struct{ Items []item }) {
	text, _ := json.Marshal(body)
	request, _ := http.NewRequest("POST", url+"/"+what, bytes.NewReader(text))
	request.Header.Set("Authorization", "Bearer "+os.Getenv("ANIKA_KEY"))
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		log.Fatal(response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		log.Fatal(err)
	}
	return answer
}

func main() {
	for {
		done := []item{}
		for _, one := range call("pull", map[string]int{"max": 10, "waitSeconds": 20}).Items {
			fmt.Println(one.Body) // ${work}
			done = append(done, item{DeliveryID: one.DeliveryID, Lease: one.Lease, Outcome: "done"})
		}
		if len(done) > 0 {
			call("ack", map[string]any{"items": done})
		}
	}
}`,

  java: ({ url, work }) => `import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

public class Pull {
  static final String URL = "${url}";
  static final HttpClient CLIENT = HttpClient.newHttpClient();
  static final ObjectMapper JSON = new ObjectMapper();

  static JsonNode call(String what, Object body) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(URL + "/" + what))
        .header("Authorization", "Bearer " + System.getenv("ANIKA_KEY"))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
        .build();
    var answer = CLIENT.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) throw new IllegalStateException(answer.body());
    return JSON.readTree(answer.body()).get("items");
  }

  public static void main(String[] args) throws Exception {
    while (true) {
      var done = JSON.createArrayNode();
      for (var item : call("pull", JSON.createObjectNode().put("max", 10).put("waitSeconds", 20))) {
        System.out.println(item.get("body").asText()); // ${work}
        done.addObject().put("deliveryId", item.get("deliveryId").asText())
            .put("lease", item.get("lease").asText()).put("outcome", "done");
      }
      if (!done.isEmpty()) call("ack", JSON.createObjectNode().set("items", done));
    }
  }
}`,
};
