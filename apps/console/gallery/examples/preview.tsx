import { Preview } from '../../src/grants/preview.tsx';
import { NO_TERMS } from '../../src/grants/terms-form.tsx';
import { OTHER, OWN, TOPIC } from '../facts.ts';

export const BeforeAndAfter = () => <Preview topicId={TOPIC.id} partnerId={OTHER.id} terms={NO_TERMS} />;
export const OfNoMessages = () => <Preview topicId={TOPIC.id} partnerId={OWN.id} terms={NO_TERMS} />;
export const Refused = () => <Preview topicId="top_unknown" partnerId={OWN.id} terms={NO_TERMS} />;
