"""Every sentence that a person reads, and text from outside made safe."""
