export const pulls = {
  'pull.title': 'Pulling',
  'pull.how': 'How to pull',
  'pull.howLead':
    'A program asks, does its work, says what became of it, and asks again. It needs an API key with the scope “receive”.',
  'pull.language': 'Programming language',
  'pull.work': 'your work; verify it first',
  'pull.fill': 'what became of it: deliveryId and lease are in the answer',
  'pull.leases': 'Given, not yet acknowledged',
  'pull.leasesLead': 'Each is its puller’s until its lease lapses; then it is given anew.',
  'pull.noLeases': 'Nothing is given out now',
  'pull.noLeasesHint': 'What a program has fetched appears here until it is acknowledged.',
  'pull.again': 'Given anew at',
  'subscription.delivery': 'Delivery',
  'subscription.delivery.webhook': 'to an endpoint of yours',
  'subscription.delivery.pull': 'pulled by your program',
  'subscription.deliveryHint.webhook': 'ANIKA sends each message to your endpoint as it comes.',
  'subscription.deliveryHint.pull':
    'For who has no public address, or wants its own pace. It cannot be changed later.',
  'subscription.newLead.webhook':
    'ANIKA sends a challenge to the endpoint at once; it must answer with the same text to become active.',
  'subscription.newLead.pull': 'It is active at once: there is no address that would have to prove anything.',
  'subscription.noticeTypes': 'Kinds of notices; none chosen: all',
  'subscription.more': 'Filter, start, secret, format',
  'subscription.startFrom': 'Also what was published since',
  'subscription.startFromHint':
    'At most 92 days ago. Sent by a replay that begins when the subscription becomes active. Empty: only what comes from now on.',
  'subscription.ownSecret': 'Secret of your own',
  'subscription.ownSecretHint':
    'whsec_ and the base64 of 24 to 64 bytes: your program can know it before the first request. Empty: one is made.',
  'subscription.verifyNow': 'Send the challenge now',
  'subscription.verifyNowHint':
    'Otherwise verify the endpoint on the page of the subscription, once it is installed. Until then messages are held.',
  'subscription.pauseEffect.webhook':
    'Nothing more is sent to the endpoint. Messages are held, and go out oldest first when it is resumed.',
  'subscription.pauseEffect.pull':
    'Nothing more is given to who pulls. Messages are held, and are there oldest first when it is resumed.',
  'health.pull.healthy': 'Delivers: what is pulled is acknowledged.',
  'health.pull.idle': 'Active; nothing of what is kept was pulled and acknowledged yet.',
  'health.pull.lagging':
    'Lags: something waits longer than half a minute to be pulled. Is your program running?',
  'health.pull.failing': 'Fails: nothing that was pulled is acknowledged as done.',
  'attempt.done': 'pulled, done',
  'topic.notices': 'Notices of ANIKA to us',
  'ui.copyOf': 'Copy: {what}',
} as const;
