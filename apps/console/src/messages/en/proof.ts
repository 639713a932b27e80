/** What a reader got of a message, and whether that is what the record says. */
export const proof = {
  'seen.title': 'As a reader got it',
  'seen.lead':
    'What you published beside what the mask of a grant leaves of it. It is computed in this browser, by the rules that ANIKA sends by.',
  'seen.nobody': 'Nobody but you may read this topic',
  'seen.nobodyHint': 'Let a company in, and see here what it gets of your messages.',
  'seen.sent': '{reader} was sent this under version {version} of the grant:',
  'seen.notSent':
    'Nothing of it has been sent to {reader} so far; this is what version {version} of the grant would leave.',
  'seen.why': 'Why it came or did not',
  'seen.noGrant': 'There is no grant to this company any more: what it hid is not known here.',
  'seen.not-yours':
    'The terms of that version are in the audit log, which administrators read. Shown is what the present version {version} leaves.',
  'seen.not-kept':
    'The terms of that version are not in the audit log. Shown is what the present version {version} leaves.',
  'seen.unknownFields': 'The fields of this grant cannot be read here.',
  'seen.noMask': 'Nothing is hidden: it is got as it was published.',
  'seen.hidden':
    '{count, plural, =0 {Nothing of it is hidden.} one {# line is hidden.} other {# lines are hidden.}}',
  'seen.keyHidden': 'The key is hidden too.',
  'seen.published': 'Published',
  'seen.got': '{reader} got',
  'seen.wouldGet': '{reader} would get',
  'ui.hidden': 'hidden',
  'ui.firstLines': 'The first {shown} of {count} lines.',
  'body.title': 'Body of the request',
  'body.lead':
    'Composed again in this browser from what you may read, and its SHA-256 compared with the one that was recorded when it was sent.',
  'body.match': 'hash matches',
  'body.differs': 'hash differs',
  'body.unknown': 'hash not checked',
  'body.matches': 'Byte for byte what was sent: SHA-256 of these bytes is the recorded one.',
  'body.format': 'Format',
  'body.why.differs':
    'No body that can be composed from the message, in any format, has the recorded hash. If the topic or its publisher has another name since then, that is why: the name stands in the body.',
  'body.why.recalled':
    'It cannot be computed: the message was taken back, and its contents are gone. The record stays.',
  'body.why.gone':
    'It cannot be computed: the message is not kept any more, or you may not read it now. The record stays.',
  'body.why.masked':
    'It cannot be computed: it was sent under another version of the grant, and what that showed is not what is seen now.',
  'body.why.unread': 'It cannot be computed now: the message could not be read.',
} as const;
