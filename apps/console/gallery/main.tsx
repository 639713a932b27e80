// `npm run console`, then /console/gallery/: no file of `src` knows of it, and the build does not begin here.
import { createRoot } from 'react-dom/client';
import { Gallery } from './gallery.tsx';
import { Stage } from './stage.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');
createRoot(root).render(
  <Stage>
    <Gallery />
  </Stage>,
);
