import * as THREE from "three";

const scene = new THREE.Scene();
const camera = new THREE.PerspectiveCamera(50, 1.5, 0.1, 200);
const raycaster = new THREE.Raycaster();
const material = new THREE.MeshBasicMaterial();
const geometry = new THREE.TorusGeometry(1, 0.4, 8, 16);

for (let i = 0; i < 20; i++) {
  const group = new THREE.Group();
  for (let j = 0; j < 10; j++) {
    const mesh = new THREE.Mesh(geometry, material);
    mesh.position.set(i - 10, j - 5, -20 + (i % 5));
    group.add(mesh);
  }
  scene.add(group);
}

let frame = 0;

/** A frame without drawing: moves a scene, culls it, picks in it, and makes a geometry. */
export function work() {
  frame += 1;
  scene.traverse((object) => object.rotation.set(frame * 0.01, object.id * 0.1, 0));
  camera.position.set(Math.sin(frame * 0.01), 0, 5);
  camera.lookAt(0, 0, -20);
  scene.updateMatrixWorld();
  camera.updateMatrixWorld();
  const seen = new THREE.Frustum().setFromProjectionMatrix(
    new THREE.Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse),
  );
  let visible = 0;
  scene.traverse((object) => {
    if (object.isMesh && seen.intersectsObject(object)) visible += 1;
  });
  raycaster.setFromCamera(new THREE.Vector2(0.1, 0.1), camera);
  const sphere = new THREE.SphereGeometry(1, 16, 12);
  sphere.computeVertexNormals();
  return visible + raycaster.intersectObject(scene).length + sphere.attributes.normal.count;
}
