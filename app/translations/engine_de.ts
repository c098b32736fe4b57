<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name></name>
    <message>
        <source>This needs {0:.2f} GiB of memory, more than the {1:.2f} GiB allowed.</source>
        <translation>Dies braucht {0:.2f} GiB Speicher, mehr als die erlaubten {1:.2f} GiB.</translation>
    </message>
    <message>
        <source>A DICOM segmentation cannot refer to this CT: its headers lack {0}. Choose another format.</source>
        <translation>Eine DICOM-Segmentierung kann sich auf dieses CT nicht beziehen: In seinen Headern fehlt {0}. Wählen Sie ein anderes Format.</translation>
    </message>
    <message>
        <source>A DICOM segmentation cannot be written: the CT has changed since it was opened. Open it again.</source>
        <translation>Eine DICOM-Segmentierung kann nicht geschrieben werden: Das CT hat sich seit dem Öffnen geändert. Öffnen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>A DICOM segmentation cannot refer to this CT: its headers break the DICOM standard. Choose another format.</source>
        <translation>Eine DICOM-Segmentierung kann sich auf dieses CT nicht beziehen: Seine Header verletzen den DICOM-Standard. Wählen Sie ein anderes Format.</translation>
    </message>
    <message>
        <source>you may not write there</source>
        <translation>Sie dürfen dort nicht schreiben</translation>
    </message>
    <message>
        <source>it is read-only</source>
        <translation>er ist schreibgeschützt</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>der Datenträger ist voll</translation>
    </message>
    <message>
        <source>your disk quota is used up</source>
        <translation>Ihr Speicherkontingent ist ausgeschöpft</translation>
    </message>
    <message>
        <source>the disk cannot hold a file of that size</source>
        <translation>auf diesen Datenträger passt keine so große Datei</translation>
    </message>
    <message>
        <source>the name is too long</source>
        <translation>der Name ist zu lang</translation>
    </message>
    <message>
        <source>the folder is gone</source>
        <translation>der Ordner ist nicht mehr da</translation>
    </message>
    <message>
        <source>part of the path is a file, not a folder</source>
        <translation>ein Teil des Pfades ist eine Datei, kein Ordner</translation>
    </message>
    <message>
        <source>there is a file of that name</source>
        <translation>es gibt schon eine Datei dieses Namens</translation>
    </message>
    <message>
        <source>there is a folder of that name</source>
        <translation>es gibt einen Ordner mit diesem Namen</translation>
    </message>
    <message>
        <source>it is write-protected</source>
        <translation>die Datei ist schreibgeschützt</translation>
    </message>
    <message>
        <source>another program has it open</source>
        <translation>ein anderes Programm hat die Datei geöffnet</translation>
    </message>
    <message>
        <source>{0} cannot be replaced: {1}. Nothing was written. Move it away, or choose another folder.</source>
        <translation>{0} kann nicht ersetzt werden: {1}. Es wurde nichts geschrieben. Verschieben Sie, was dort liegt, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>writing failed</source>
        <translation>das Schreiben ist fehlgeschlagen</translation>
    </message>
    <message>
        <source>The results cannot be written to {0}: {1}. They need {2:.1f} MiB, and {3:.1f} MiB are free. Free some room there, or choose another folder.</source>
        <translation>Die Ergebnisse können nicht nach {0} geschrieben werden: {1}. Sie brauchen {2:.1f} MiB, und {3:.1f} MiB sind frei. Schaffen Sie dort Platz, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The results cannot be written to {0}: {1}. Choose another folder.</source>
        <translation>Die Ergebnisse können nicht in den Ordner {0} geschrieben werden: {1}. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The model {0} failed on a patch of {1} voxels.</source>
        <translation>Das Modell {0} versagte an einem Ausschnitt von {1} Voxeln.</translation>
    </message>
    <message>
        <source>The model {0} cannot be used: {1}.</source>
        <translation>Das Modell {0} kann nicht verwendet werden: {1}.</translation>
    </message>
    <message>
        <source>The model file {0} cannot be read ({1}).</source>
        <translation>Die Modelldatei {0} kann nicht gelesen werden ({1}).</translation>
    </message>
    <message>
        <source>The model file {0} is damaged or not an ONNX model.</source>
        <translation>Die Modelldatei {0} ist beschädigt oder kein ONNX-Modell.</translation>
    </message>
    <message>
        <source>There is no model {0}.</source>
        <translation>Es gibt kein Modell {0}.</translation>
    </message>
    <message>
        <source>The model file {0} breaks the contract: {1}.</source>
        <translation>Die Modelldatei {0} hält die Vorgaben nicht ein: {1}.</translation>
    </message>
    <message>
        <source>{0} is there to be compared with other networks, and has been checked on fewer scans. Do not rely on its mask.</source>
        <translation>{0} dient dem Vergleich mit anderen Netzen und wurde an weniger Scans geprüft. Verlassen Sie sich nicht auf seine Maske.</translation>
    </message>
    <message>
        <source>{0} knows the chest, the abdomen and the lumbar spine. Check what it marks in a neck, a skull, arms or legs.</source>
        <translation>{0} kennt Brustkorb, Bauch und Lendenwirbelsäule. Prüfen Sie, was es an Hals, Schädel, Armen oder Beinen markiert.</translation>
    </message>
    <message>
        <source>the whole CT</source>
        <translation>das ganze CT</translation>
    </message>
    <message>
        <source>a wider region</source>
        <translation>ein weiterer Bereich</translation>
    </message>
    <message>
        <source>It was not clear where the spine is, so {0} was searched. Check the result.</source>
        <translation>Es war nicht klar, wo die Wirbelsäule liegt; deshalb wurde {0} durchsucht. Prüfen Sie das Ergebnis.</translation>
    </message>
    <message>
        <source>There is nothing at {0}. Check the path.</source>
        <translation>Unter {0} gibt es nichts. Prüfen Sie den Pfad.</translation>
    </message>
    <message>
        <source>{0} is neither a file nor a folder. Choose one of these.</source>
        <translation>{0} ist weder eine Datei noch ein Ordner. Wählen Sie eines davon.</translation>
    </message>
    <message>
        <source>{0} cannot be read ({1}). Check that it is still there and that you may read it.</source>
        <translation>{0} kann nicht gelesen werden ({1}). Prüfen Sie, ob es noch da ist und Sie es lesen dürfen.</translation>
    </message>
    <message>
        <source>The DICOMDIR is damaged, so that it does not tell whether slices are missing at the ends. Check that no part of the patient is missing.</source>
        <translation>Das DICOMDIR ist beschädigt und sagt deshalb nicht, ob an den Enden Schichten fehlen. Prüfen Sie, ob kein Teil des Patienten fehlt.</translation>
    </message>
    <message>
        <source>{0} contains several images or archives. Unpack it and choose one of them.</source>
        <translation>{0} enthält mehrere Bilder oder Archive. Entpacken Sie es und wählen Sie eines davon.</translation>
    </message>
    <message>
        <source>{0} folders could not be opened and were left out.</source>
        <translation>{0} Ordner ließen sich nicht öffnen und wurden ausgelassen.</translation>
    </message>
    <message>
        <source>{0} links lead to no file and were left out. Check that no part of the patient is missing.</source>
        <translation>{0} Verknüpfungen führen zu keiner Datei und wurden ausgelassen. Prüfen Sie, ob kein Teil des Patienten fehlt.</translation>
    </message>
    <message>
        <source>{0} is empty. Choose a folder that contains a CT.</source>
        <translation>{0} ist leer. Wählen Sie einen Ordner mit einem CT.</translation>
    </message>
    <message>
        <source>{0} contains no CT: none of its {1} files is a DICOM, NIfTI, NRRD or MHA image. Choose another folder.</source>
        <translation>{0} enthält kein CT: Keine der {1} Dateien ist ein DICOM-, NIfTI-, NRRD- oder MHA-Bild. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>an archive</source>
        <translation>ein Archiv</translation>
    </message>
    <message>
        <source>{0} images or archives</source>
        <translation>{0} Bilder oder Archive</translation>
    </message>
    <message>
        <source>its DICOMDIR lists {0} more images than are here; copy the whole series again</source>
        <translation>ihr DICOMDIR führt {0} weitere Bilder auf, die nicht hier sind; kopieren Sie die ganze Serie noch einmal</translation>
    </message>
    <message>
        <source>{0} is not an image that can be read, or it is damaged. Choose a DICOM folder, a zip archive, or a NIfTI, NRRD or MHA file.</source>
        <translation>{0} ist kein lesbares Bild oder beschädigt. Wählen Sie einen DICOM-Ordner, ein Zip-Archiv oder eine NIfTI-, NRRD- oder MHA-Datei.</translation>
    </message>
    <message>
        <source>{0} was read alone, because it makes no volume together with the other files beside it. Check that no part of the patient is missing.</source>
        <translation>{0} wurde allein gelesen, weil es mit den anderen Dateien daneben kein Volumen ergibt. Prüfen Sie, ob kein Teil des Patienten fehlt.</translation>
    </message>
    <message>
        <source>{0} is one file of a series; the whole series beside it was read.</source>
        <translation>{0} ist eine von mehreren Dateien einer Serie; gelesen wurde die ganze Serie daneben.</translation>
    </message>
    <message>
        <source>The chosen series cannot be used: {0}.</source>
        <translation>Die gewählte Serie ist nicht verwendbar: {0}.</translation>
    </message>
    <message>
        <source>There is no series with that identifier.</source>
        <translation>Es gibt keine Serie mit dieser Kennung.</translation>
    </message>
    <message>
        <source>There are CTs of {0} patients here.</source>
        <translation>Hier liegen CTs von {0} Patienten.</translation>
    </message>
    <message>
        <source>The patient is here in parts, in several stacks that do not make one. Choose one of them, or export the scan again as one series.</source>
        <translation>Der Patient liegt hier in Teilen vor, in mehreren Stapeln, die zusammen keinen ergeben. Wählen Sie einen davon, oder exportieren Sie die Aufnahme noch einmal als eine Serie.</translation>
    </message>
    <message>
        <source>This cannot be used: {0}.</source>
        <translation>Nicht verwendbar: {0}.</translation>
    </message>
    <message>
        <source>As requested, the values were taken as HU as they are.</source>
        <translation>Wie verlangt wurden die Werte so, wie sie sind, als HU genommen.</translation>
    </message>
    <message>
        <source>As requested, {0:+g} HU were added to all values.</source>
        <translation>Wie verlangt wurden {0:+g} HU zu allen Werten addiert.</translation>
    </message>
    <message>
        <source>{0} contains {1} and no usable DICOM series.</source>
        <translation>{0} enthält {1} und keine brauchbare DICOM-Serie.</translation>
    </message>
    <message>
        <source>an image file or archive</source>
        <translation>eine Bilddatei oder ein Archiv</translation>
    </message>
    <message>
        <source>{0} image files or archives</source>
        <translation>{0} Bilddateien oder Archive</translation>
    </message>
    <message>
        <source>Not looked at beside the DICOM slices: {0}. If the CT is there, choose that file.</source>
        <translation>Neben den DICOM-Schichten nicht angesehen: {0}. Falls das CT dort ist, wählen Sie diese Datei selbst.</translation>
    </message>
    <message>
        <source>None of the {0} series can be used: {1}.</source>
        <translation>Keine der {0} Serien ist verwendbar: {1}.</translation>
    </message>
    <message>
        <source>There are {0} usable series; the one with {1} slices covering {2:.0f} mm was read. Choose another one if you need it.</source>
        <translation>Es gibt {0} verwendbare Serien; gelesen wurde die mit {1} Schichten über {2:.0f} mm. Wählen Sie bei Bedarf eine andere.</translation>
    </message>
    <message>
        <source>The archive {0} is damaged or incomplete. Copy it again.</source>
        <translation>Das Archiv {0} ist beschädigt oder unvollständig. Kopieren Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The archive {0} uses a compression that cannot be read. Unpack it and choose the folder.</source>
        <translation>Das Archiv {0} ist auf eine Art komprimiert, die nicht gelesen werden kann. Entpacken Sie es und wählen Sie den Ordner.</translation>
    </message>
    <message>
        <source>{0} is an archive of the kind {1}, which cannot be read. Unpack it and choose the folder.</source>
        <translation>{0} ist ein Archiv der Art {1}, die nicht gelesen werden kann. Entpacken Sie es und wählen Sie den Ordner.</translation>
    </message>
    <message>
        <source>The archive {0} tries to write outside its own folder. Do not trust it; ask where it came from.</source>
        <translation>Das Archiv {0} versucht, außerhalb seines Ordners zu schreiben. Trauen Sie ihm nicht; fragen Sie, woher es kommt.</translation>
    </message>
    <message>
        <source>The archive {0} is protected by a password. Unpack it and choose the folder.</source>
        <translation>Das Archiv {0} ist durch ein Passwort geschützt. Entpacken Sie es und wählen Sie den Ordner.</translation>
    </message>
    <message>
        <source>The archive {0} needs {1:.1f} GiB to be unpacked, and the disk has {2:.1f}. Free some space.</source>
        <translation>Das Archiv {0} braucht entpackt {1:.1f} GiB, und auf dem Datenträger sind {2:.1f} frei. Schaffen Sie Platz.</translation>
    </message>
    <message>
        <source>The archive {0} unpacks to far more than any CT would. Do not trust it; ask where it came from.</source>
        <translation>Das Archiv {0} würde entpackt weit größer als jedes CT. Trauen Sie ihm nicht; fragen Sie, woher es kommt.</translation>
    </message>
    <message>
        <source>The DICOM file {0} is damaged or cut short. Copy it again, or take it away if it does not belong there.</source>
        <translation>Die DICOM-Datei {0} ist beschädigt oder abgeschnitten. Kopieren Sie sie noch einmal, oder entfernen Sie sie, wenn sie nicht dorthin gehört.</translation>
    </message>
    <message>
        <source>{0} voxels are not numbers; they were taken as air.</source>
        <translation>{0} Voxel sind keine Zahlen; sie gelten als Luft.</translation>
    </message>
    <message>
        <source>The file {0} cannot be read: it is damaged, cut short or no image. Copy it again or choose another one.</source>
        <translation>Die Datei {0} kann nicht gelesen werden: Sie ist beschädigt, abgeschnitten oder kein Bild. Kopieren Sie sie noch einmal oder wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>it is in colour or has several values per voxel, and a CT has one</source>
        <translation>sie ist farbig oder hat mehrere Werte je Voxel, ein CT nur einen</translation>
    </message>
    <message>
        <source>it contains {0} volumes; save one of them as its own file</source>
        <translation>sie enthält {0} Volumen; speichern Sie eines davon als eigene Datei</translation>
    </message>
    <message>
        <source>it is a flat picture, not a volume</source>
        <translation>sie ist ein flaches Bild, kein Volumen</translation>
    </message>
    <message>
        <source>The file does not say which way its axes run; they were taken to run to the left, to the back and to the head. Check left and right.</source>
        <translation>Die Datei sagt nicht, wie ihre Achsen verlaufen; angenommen wurde: nach links, nach hinten und zum Kopf. Prüfen Sie links und rechts.</translation>
    </message>
    <message>
        <source>its stated position is {0:g} m away from the scanner</source>
        <translation>seine angegebene Lage ist {0:g} m vom Gerät entfernt</translation>
    </message>
    <message>
        <source>The axes of the file are skewed by {0:.1f}°, as a tilted gantry leaves them: the slices were moved into a straight stack, and the mask lies on that stack.</source>
        <translation>Die Achsen der Datei sind um {0:.1f}° geschert, wie es eine gekippte Gantry hinterlässt: Die Schichten wurden zu einem geraden Stapel verschoben, und die Maske liegt auf diesem Stapel.</translation>
    </message>
    <message>
        <source>its voxels have an implausible stated size of {0:g} by {1:g} by {2:g} mm</source>
        <translation>seine Voxel haben eine unplausible angegebene Größe von {0:g} mal {1:g} mal {2:g} mm</translation>
    </message>
    <message>
        <source>its axes are skewed by {0:.0f}°, more than a gantry can tilt</source>
        <translation>seine Achsen sind um {0:.0f}° geschert, mehr als eine Gantry kippen kann</translation>
    </message>
    <message>
        <source>an MR scan</source>
        <translation>ein MRT</translation>
    </message>
    <message>
        <source>a PET scan</source>
        <translation>ein PET</translation>
    </message>
    <message>
        <source>a nuclear medicine scan</source>
        <translation>eine nuklearmedizinische Aufnahme</translation>
    </message>
    <message>
        <source>an ultrasound</source>
        <translation>ein Ultraschall</translation>
    </message>
    <message>
        <source>a radiograph</source>
        <translation>ein Röntgenbild</translation>
    </message>
    <message>
        <source>an angiogram</source>
        <translation>ein Angiogramm</translation>
    </message>
    <message>
        <source>a report</source>
        <translation>ein Befund</translation>
    </message>
    <message>
        <source>a document</source>
        <translation>ein Dokument</translation>
    </message>
    <message>
        <source>a list of key images</source>
        <translation>eine Liste von Schlüsselbildern</translation>
    </message>
    <message>
        <source>a presentation state</source>
        <translation>ein Darstellungszustand</translation>
    </message>
    <message>
        <source>a segmentation</source>
        <translation>eine Segmentierung</translation>
    </message>
    <message>
        <source>a set of contours</source>
        <translation>ein Satz von Konturen</translation>
    </message>
    <message>
        <source>a dose map</source>
        <translation>eine Dosisverteilung</translation>
    </message>
    <message>
        <source>a treatment plan</source>
        <translation>ein Bestrahlungsplan</translation>
    </message>
    <message>
        <source>a picture of no known kind</source>
        <translation>ein Bild unbekannter Art</translation>
    </message>
    <message>
        <source>it is computed from a CT ({0}), and its values are not the HU of tissue</source>
        <translation>sie ist aus einem CT berechnet ({0}), und ihre Werte sind nicht die HU von Gewebe</translation>
    </message>
    <message>
        <source>it is in colour, and CT is not</source>
        <translation>sie ist farbig, und ein CT ist es nicht</translation>
    </message>
    <message>
        <source>its {0} is &quot;{1}&quot;, which cannot be read as numbers</source>
        <translation>ihr {0} lautet „{1}“, was sich nicht als Zahlen lesen lässt</translation>
    </message>
    <message>
        <source>its header contradicts itself: it speaks of {0} frames, but describes {1}</source>
        <translation>ihr Header widerspricht sich: Er spricht von {0} Bildern, beschreibt aber {1}</translation>
    </message>
    <message>
        <source>it states no pixel size, or one of 0 mm</source>
        <translation>die Pixelgröße fehlt oder beträgt 0 mm</translation>
    </message>
    <message>
        <source>its values are converted by a table (Modality LUT), which is not read</source>
        <translation>ihre Werte werden durch eine Tabelle (Modality LUT) umgerechnet, die nicht gelesen wird</translation>
    </message>
    <message>
        <source>its values are &quot;{0}&quot;, not HU</source>
        <translation>ihre Werte sind „{0}“, keine HU</translation>
    </message>
    <message>
        <source>its header contradicts itself: it uses {0} bits of {1}, up to bit {2}</source>
        <translation>ihr Header widerspricht sich: Er nutzt {0} von {1} Bits bis Bit {2}</translation>
    </message>
    <message>
        <source>its pixels are compressed in a way that cannot be read ({0}); export it uncompressed</source>
        <translation>ihre Pixel sind auf eine Weise komprimiert, die nicht gelesen werden kann ({0}); exportieren Sie sie unkomprimiert</translation>
    </message>
    <message>
        <source>it is cut short; copy the series again</source>
        <translation>sie ist abgeschnitten; kopieren Sie die Serie noch einmal</translation>
    </message>
    <message>
        <source>it contains more pixels than its header says</source>
        <translation>sie enthält mehr Pixel, als ihr Header angibt</translation>
    </message>
    <message>
        <source>Duplicate slices were left out: {0}.</source>
        <translation>Doppelte Schichten wurden ausgelassen: {0}.</translation>
    </message>
    <message>
        <source>Its slices were reconstructed with different kernels: {0}.</source>
        <translation>Ihre Schichten wurden mit verschiedenen Faltungskernen rekonstruiert: {0}.</translation>
    </message>
    <message>
        <source>The gantry was tilted by {0:.1f}°: the slices were moved into a straight stack, and the mask lies on that stack.</source>
        <translation>Die Gantry war um {0:.1f}° gekippt: Die Schichten wurden zu einem geraden Stapel verschoben, und die Maske liegt auf diesem Stapel.</translation>
    </message>
    <message>
        <source>The segmentation contains fractions instead of yes and no; voxels of one half or more were taken.</source>
        <translation>Die Segmentierung enthält Anteile statt Ja und Nein; Voxel ab der Hälfte wurden übernommen.</translation>
    </message>
    <message>
        <source>of the kind {0}</source>
        <translation>von der Art {0}</translation>
    </message>
    <message>
        <source>This is {0}, not a mask. Choose a DICOM segmentation.</source>
        <translation>Das ist {0}, keine Maske. Wählen Sie eine DICOM-Segmentierung.</translation>
    </message>
    <message>
        <source>This is a CT, not a mask.</source>
        <translation>Das ist ein CT, keine Maske.</translation>
    </message>
    <message>
        <source>its frames are compressed in a way that cannot be read</source>
        <translation>ihre Bilder sind auf eine Weise komprimiert, die nicht gelesen werden kann</translation>
    </message>
    <message>
        <source>its frames do not say where in the patient they lie</source>
        <translation>ihre Bilder sagen nicht, wo im Patienten sie liegen</translation>
    </message>
    <message>
        <source>it is cut short; copy it again</source>
        <translation>sie ist abgeschnitten; kopieren Sie sie noch einmal</translation>
    </message>
    <message>
        <source>its frames lie in several directions</source>
        <translation>ihre Bilder liegen in verschiedenen Richtungen</translation>
    </message>
    <message>
        <source>its frames do not lie in one straight and even stack</source>
        <translation>ihre Bilder liegen nicht in einem geraden, gleichmäßigen Stapel</translation>
    </message>
    <message>
        <source>This mask cannot be used: {0}.</source>
        <translation>Diese Maske kann nicht verwendet werden: {0}.</translation>
    </message>
    <message>
        <source>it is {0}, not a CT</source>
        <translation>sie ist {0}, kein CT</translation>
    </message>
    <message>
        <source>it holds no image</source>
        <translation>sie enthält kein Bild</translation>
    </message>
    <message>
        <source>it is a scout, not a volume</source>
        <translation>sie ist eine Übersichtsaufnahme, kein Volumen</translation>
    </message>
    <message>
        <source>it is a screenshot, not a volume</source>
        <translation>sie ist ein Bildschirmfoto, kein Volumen</translation>
    </message>
    <message>
        <source>its slices do not say where in the patient they lie</source>
        <translation>ihre Schichten sagen nicht, wo im Patienten sie liegen</translation>
    </message>
    <message>
        <source>its pixels have an implausible size of {0:g} by {1:g} mm</source>
        <translation>ihre Pixel haben eine unplausible Größe von {0:g} mal {1:g} mm</translation>
    </message>
    <message>
        <source>its slices are skewed, as no scanner produces them</source>
        <translation>ihre Schichten sind schiefwinklig, was kein Scanner macht</translation>
    </message>
    <message>
        <source>it is inverted, and it is not clear whether its values are too</source>
        <translation>sie ist invertiert, und es ist nicht klar, ob ihre Werte es auch sind</translation>
    </message>
    <message>
        <source>it does not say how its values are converted to HU</source>
        <translation>sie sagt nicht, wie aus ihren Werten HU werden</translation>
    </message>
    <message>
        <source>it has too few slices ({0}); a volume needs at least {1}</source>
        <translation>sie hat zu wenige Schichten ({0}); ein Volumen braucht mindestens {1}</translation>
    </message>
    <message>
        <source>its slices have an implausible distance of {0:g} mm</source>
        <translation>ihre Schichten haben einen unplausiblen Abstand von {0:g} mm</translation>
    </message>
    <message>
        <source>a slice is missing in the middle; fetch the whole series again</source>
        <translation>in der Mitte fehlt eine Schicht; holen Sie die ganze Serie noch einmal</translation>
    </message>
    <message>
        <source>{0} slices are missing in the middle; fetch the whole series again</source>
        <translation>in der Mitte fehlen {0} Schichten; holen Sie die ganze Serie noch einmal</translation>
    </message>
    <message>
        <source>its slices are not evenly spaced ({0:.1f} to {1:.1f} mm), so that it is no regular volume</source>
        <translation>ihre Schichten haben ungleiche Abstände ({0:.1f} bis {1:.1f} mm), sodass sie kein regelmäßiges Volumen ist</translation>
    </message>
    <message>
        <source>several of its slices lie in the same place, and their headers do not say which belong together; export each reconstruction as a separate series</source>
        <translation>mehrere ihrer Schichten liegen an derselben Stelle, und ihre Header verraten nicht, welche zusammengehören; exportieren Sie jede Rekonstruktion als eigene Serie</translation>
    </message>
    <message>
        <source>slices of several reconstructions alternate in it; export each as a separate series</source>
        <translation>in ihr wechseln sich Schichten mehrerer Rekonstruktionen ab; exportieren Sie jede als eigene Serie</translation>
    </message>
    <message>
        <source>its slices are turned against each other by {0:.1f}°</source>
        <translation>ihre Schichten sind um {0:.1f}° gegeneinander gedreht</translation>
    </message>
    <message>
        <source>its pixel sizes differ by {0:.1f} %</source>
        <translation>ihre Pixelgrößen unterscheiden sich um {0:.1f} %</translation>
    </message>
    <message>
        <source>Passes of the scanner that overlap in {0} slices were put together.</source>
        <translation>Durchgänge des Scanners, die sich überlappen, wurden zusammengefügt; Schichten an derselben Stelle: {0}.</translation>
    </message>
    <message>
        <source>{0} slices carry the identifier of another one; they were told apart by their places.</source>
        <translation>Schichten mit der Kennung einer anderen: {0}; sie wurden nach ihrer Lage unterschieden.</translation>
    </message>
    <message>
        <source>Its slices differ in how their values are converted to HU; each was read as its own header says.</source>
        <translation>Ihre Schichten unterscheiden sich darin, wie ihre Werte zu HU werden; jede wurde nach ihrem eigenen Header gelesen.</translation>
    </message>
    <message>
        <source>Its slices refer to {0} frames of reference, as if the patient had been moved. Check that they fit together.</source>
        <translation>Ihre Schichten beziehen sich auf {0} Bezugssysteme, als wäre der Patient bewegt worden. Prüfen Sie, ob sie zusammenpassen.</translation>
    </message>
    <message>
        <source>Its header states a pixel size of {0:g} by {1:g} mm, which {2} contradicts. Check distances in the result.</source>
        <translation>Ihr Header gibt eine Pixelgröße von {0:g} mal {1:g} mm an, und {2} widerspricht dem. Prüfen Sie Abstände im Ergebnis.</translation>
    </message>
    <message>
        <source>Its slices differ by up to {0:.2f}° in direction and {1:.2f} % in pixel size; they were read as one stack.</source>
        <translation>Ihre Schichten unterscheiden sich um bis zu {0:.2f}° in der Richtung und {1:.2f} % in der Pixelgröße; sie wurden als ein Stapel gelesen.</translation>
    </message>
    <message>
        <source>Its slices are {0:.1f} mm thick and {1:.1f} mm apart; what lies between them is not in the scan.</source>
        <translation>Ihre Schichten sind {0:.1f} mm dick und {1:.1f} mm voneinander entfernt; was dazwischen liegt, ist nicht in der Aufnahme.</translation>
    </message>
    <message>
        <source>Its slices are {0:.1f} mm thick, but only {1:.2f} mm apart. Check distances in the result.</source>
        <translation>Ihre Schichten sind {0:.1f} mm dick, liegen aber nur {1:.2f} mm auseinander. Prüfen Sie Abstände im Ergebnis.</translation>
    </message>
    <message>
        <source>Its header says that slices lie {0:.2f} mm apart, but by their positions they lie {1:.2f} mm apart. Check that none is missing.</source>
        <translation>Laut Header liegen ihre Schichten {0:.2f} mm auseinander, nach ihren Positionen aber {1:.2f} mm. Prüfen Sie, ob Schichten fehlen.</translation>
    </message>
    <message>
        <source>Its header speaks of a gantry tilted by {0:.1f}°, but its slices lie straight. If the spine looks skewed, export the series again.</source>
        <translation>Laut Header war die Gantry um {0:.1f}° geneigt, ihre Schichten liegen aber gerade. Wenn die Wirbelsäule verschoben aussieht, exportieren Sie die Serie noch einmal.</translation>
    </message>
    <message>
        <source>Its slices are {0:.1f} to {1:.1f} mm apart: even planes {2:.1f} mm apart were interpolated between them, and the mask lies on those.</source>
        <translation>Ihre Schichten liegen {0:.1f} bis {1:.1f} mm auseinander: Dazwischen wurden gleichmäßige Ebenen im Abstand von {2:.1f} mm interpoliert, und auf diesen liegt die Maske.</translation>
    </message>
    <message>
        <source>its slices do not lie in one line, as those of a gantry do</source>
        <translation>ihre Schichten liegen nicht in einer Linie wie die einer Gantry</translation>
    </message>
    <message>
        <source>its slices are tilted by {0:.0f}°, more than a gantry can</source>
        <translation>ihre Schichten sind um {0:.0f}° gekippt, mehr, als eine Gantry kann</translation>
    </message>
    <message>
        <source>The slice in the file {0} contains {1:.0f} HU, which no CT has. Export the series again.</source>
        <translation>Die Schicht in der Datei {0} enthält {1:.0f} HU, die kein CT hat. Exportieren Sie die Serie noch einmal.</translation>
    </message>
    <message>
        <source>The slice in the file {0} contains larger numbers than its header allows. Export the series again.</source>
        <translation>Die Schicht in der Datei {0} enthält größere Zahlen, als ihr Header zulässt. Exportieren Sie die Serie noch einmal.</translation>
    </message>
    <message>
        <source>The slice in the file {0} cannot be read: it is damaged, cut short or gone. Copy the series again.</source>
        <translation>Die Schicht in der Datei {0} kann nicht gelesen werden: Sie ist beschädigt, abgeschnitten oder nicht mehr vorhanden. Kopieren Sie die Serie noch einmal.</translation>
    </message>
    <message>
        <source>This computer does not compute in bfloat16, so float32 was used.</source>
        <translation>Dieser Computer rechnet nicht in bfloat16, daher wurde float32 verwendet.</translation>
    </message>
    <message>
        <source>The fast kernels could not be used ({0}); the slower ones produce the same mask.</source>
        <translation>Die schnellen Rechenkerne waren nicht nutzbar ({0}); die langsameren ergeben dieselbe Maske.</translation>
    </message>
    <message>
        <source>The computer ran out of memory. Close other programs and try again.</source>
        <translation>Der Computer hat keinen Speicher mehr frei. Schließen Sie andere Programme und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Left out as too small to be spine (below {0:.0f} mL): {1}. Check the scan there.</source>
        <translation>Weggelassen, weil zu klein für eine Wirbelsäule (unter {0:.0f} ml): {1}. Bitte dort im CT nachsehen.</translation>
    </message>
    <message>
        <source>Left out as not part of the spine (beside it, or more than {0:.0f} mm above or below it): {1}. Check the scan there.</source>
        <translation>Weggelassen, weil kein Teil der Wirbelsäule (daneben oder mehr als {0:.0f} mm darüber oder darunter): {1}. Bitte dort im CT nachsehen.</translation>
    </message>
    <message>
        <source>{0:.1f} mL, {1:.0f} cm below the top of the scan</source>
        <translation>{0:.1f} ml, {1:.0f} cm unter dem oberen Rand des CT</translation>
    </message>
    <message>
        <source>{0} more with {1:.0f} mL</source>
        <translation>{0} weitere mit {1:.0f} ml</translation>
    </message>
    <message>
        <source>There is no folder for temporary files that can be written to.</source>
        <translation>Es gibt keinen Ordner für temporäre Dateien, in den geschrieben werden kann.</translation>
    </message>
    <message>
        <source>The disk of {0} has no room for temporary files. Free some room there.</source>
        <translation>Der Datenträger von {0} hat keinen Platz für temporäre Dateien. Bitte dort Platz schaffen.</translation>
    </message>
    <message>
        <source>The CT does not fit into the memory limit alone, and the disk of {0} has no room for the other {1} MiB. Free some room there.</source>
        <translation>Das CT ist zu groß für die Speichergrenze allein, und der Datenträger von {0} hat keinen Platz für weitere {1} MiB. Schaffen Sie dort Platz.</translation>
    </message>
    <message>
        <source>Temporary files cannot be written to {0} ({1}).</source>
        <translation>Temporäre Dateien können nicht nach {0} geschrieben werden ({1}).</translation>
    </message>
    <message>
        <source>its values are not those of a CT, because they range only from {0} to {1} HU; choose the CT itself</source>
        <translation>seine Werte sind nicht die eines CT, denn sie reichen nur von {0} bis {1} HU; wählen Sie das CT selbst</translation>
    </message>
    <message>
        <source>Most of its voxels equal their neighbours, like those of a mask or a map of structures. Check that this is the CT.</source>
        <translation>Die meisten Voxel gleichen ihren Nachbarn, wie bei einer Maske oder einer Karte von Strukturen. Prüfen Sie, ob dies das CT ist.</translation>
    </message>
    <message>
        <source>its values jump from voxel to voxel as in no CT; its header probably names the wrong number type or byte order</source>
        <translation>seine Werte springen von Voxel zu Voxel wie in keinem CT; vermutlich nennt der Header den falschen Zahlentyp oder die falsche Bytereihenfolge</translation>
    </message>
    <message>
        <source>its values range from {0} to {1} like the grey levels of a picture, but HU range from -1000 in air to above 1000 in bone; get the original CT from the scanner</source>
        <translation>seine Werte reichen von {0} bis {1} wie die Graustufen eines Bildes, HU dagegen von -1000 in Luft bis über 1000 im Knochen; besorgen Sie das ursprüngliche CT vom Gerät</translation>
    </message>
    <message>
        <source>Its values seem to be HU plus {0}, because soft tissue lies near {0} and nothing lies where fat would; {0} was subtracted. Check that this is right.</source>
        <translation>Zu den HU wurde offenbar {0} addiert, denn Weichteile liegen bei {0} und nichts dort, wo Fett läge; {0} wurde abgezogen. Prüfen Sie, ob das stimmt.</translation>
    </message>
    <message>
        <source>{0} voxels are padding outside the scanned area; they were taken as air.</source>
        <translation>{0} Voxel sind Füllwerte außerhalb des aufgenommenen Bereichs; sie gelten als Luft.</translation>
    </message>
    <message>
        <source>{0} slices in the middle have a single value throughout, as if they were missing; fetch the whole series again</source>
        <translation>{0} Schichten in der Mitte haben überall denselben Wert, als fehlten sie; holen Sie die ganze Serie noch einmal</translation>
    </message>
    <message>
        <source>{0} of its {1} slices are unlike the slices on both sides of them, as if they were damaged, mirrored or of another scan; export the series again</source>
        <translation>{0} der {1} Schichten passen nicht zu den Schichten auf beiden Seiten, als wären sie beschädigt, gespiegelt oder von einer anderen Aufnahme; exportieren Sie die Serie noch einmal</translation>
    </message>
    <message>
        <source>{0} slices are unlike the slices on both sides of them, as if they were damaged, mirrored or of another scan. Look through the images.</source>
        <translation>{0} Schichten passen nicht zu den Schichten auf beiden Seiten, als wären sie beschädigt, gespiegelt oder von einer anderen Aufnahme. Sehen Sie die Bilder durch.</translation>
    </message>
    <message>
        <source>Beside {0} slices, a large part of the picture begins or ceases to be blank, as if it had been lost. Look through the images.</source>
        <translation>Neben {0} Schichten beginnt oder endet ein großer Teil des Bildes, der leer ist, als wäre er verloren gegangen. Sehen Sie die Bilder durch.</translation>
    </message>
    <message>
        <source>{0} slices resemble the mirror image of the one before. Look through the images, and check left and right.</source>
        <translation>{0} Schichten gleichen dem Spiegelbild der vorigen. Sehen Sie die Bilder durch und prüfen Sie links und rechts.</translation>
    </message>
    <message>
        <source>{0} slices at its ends have a single value throughout. Check that no part of the patient is missing.</source>
        <translation>{0} Schichten an den Enden haben überall denselben Wert. Prüfen Sie, ob ein Teil des Patienten fehlt.</translation>
    </message>
    <message>
        <source>{0} slices equal the one before. Check that none is missing and that distances are right.</source>
        <translation>{0} Schichten gleichen der vorigen genau. Prüfen Sie, ob Schichten fehlen und ob die Abstände stimmen.</translation>
    </message>
    <message>
        <source>Its values end at {0} HU, where {1:.1f} % of them lie: brighter bone was cut off. Check the result, or get the original CT from the scanner.</source>
        <translation>Die Werte enden bei {0} HU, wo {1:.1f} % von ihnen liegen: Hellerer Knochen wurde abgeschnitten. Prüfen Sie das Ergebnis, oder holen Sie das ursprüngliche CT vom Scanner.</translation>
    </message>
    <message>
        <source>{0:.0f} % of its values lie near {1} HU, as if air or other parts had been replaced. Check the result, or get the original CT from the scanner.</source>
        <translation>{0:.0f} % der Werte liegen bei {1} HU, als wären Luft oder andere Teile ersetzt worden. Prüfen Sie das Ergebnis, oder holen Sie das ursprüngliche CT vom Scanner.</translation>
    </message>
    <message>
        <source>most of its voxels equal their neighbours, like those of a mask or a map of structures; choose the CT itself</source>
        <translation>die meisten Voxel gleichen ihren Nachbarn, wie bei einer Maske oder einer Karte von Strukturen; wählen Sie das CT selbst</translation>
    </message>
    <message>
        <source>Air and most of the body lie {0} HU apart instead of about {1}, so its values may be HU times a factor. Check the result.</source>
        <translation>Luft und der größte Teil des Körpers liegen darin {0} HU auseinander statt etwa {1}; womöglich sind die Werte HU, multipliziert mit einem Faktor. Prüfen Sie das Ergebnis.</translation>
    </message>
    <message>
        <source>Air seems to lie near {0} HU instead of {1}, so its values may not be HU. Check the result; on the command line, --hu-offset {2} would shift them back.</source>
        <translation>Luft scheint darin bei {0} HU zu liegen statt bei {1}; womöglich sind es keine HU. Prüfen Sie das Ergebnis; auf der Befehlszeile würde --hu-offset {2} die Werte zurückschieben.</translation>
    </message>
    <message>
        <source>None of its values is below 0 HU, as air and fat would be, so they may not be HU. Check the result.</source>
        <translation>Kein Wert liegt unter 0 HU, wie es Luft und Fett tun; womöglich sind es keine HU. Prüfen Sie das Ergebnis.</translation>
    </message>
    <message>
        <source>Most of its values lie near {0} HU, but fat, muscle and blood lie between {1} and {2}, so they may not be HU. Check the result.</source>
        <translation>Die meisten Werte liegen bei {0} HU, die von Fett, Muskel und Blut aber zwischen {1} und {2}; womöglich sind es keine HU. Prüfen Sie das Ergebnis.</translation>
    </message>
    <message>
        <source>The output cannot be written ({0}).</source>
        <translation>Die Ausgabe kann nicht geschrieben werden ({0}).</translation>
    </message>
    <message>
        <source>{0} cannot be read: its name, or that of a folder above it, contains characters that are not UTF-8. Rename it.</source>
        <translation>{0} kann nicht gelesen werden: Der Name oder der eines übergeordneten Ordners enthält Zeichen, die kein UTF-8 sind. Bitte umbenennen.</translation>
    </message>
    <message>
        <source>Unexpected error ({0}). Try again; if it happens again, please report it with its details.</source>
        <translation>Unerwarteter Fehler ({0}). Bitte erneut versuchen; tritt er wieder auf, bitte mit den Details melden.</translation>
    </message>
    <message>
        <source>of another size, plane or place</source>
        <translation>von anderer Größe, Ebene oder Lage</translation>
    </message>
    <message>
        <source>{0} (1 of {1} slices: the file {2})</source>
        <translation>{0} (1 von {1} Schichten: die Datei {2})</translation>
    </message>
    <message>
        <source>{0} ({1} of {2} slices, such as the file {3})</source>
        <translation>{0} ({1} von {2} Schichten, etwa die Datei {3})</translation>
    </message>
    <message>
        <source>its slices carry different series identifiers</source>
        <translation>ihre Schichten tragen verschiedene Serienkennungen</translation>
    </message>
    <message>
        <source>Images left out of this series: {0} ({1}).</source>
        <translation>Aus dieser Serie ausgelassene Bilder: {0} ({1}).</translation>
    </message>
    <message>
        <source>its frames were stored in {0} files, of which {1} are here; fetch the whole series again</source>
        <translation>ihre Bilder wurden in {0} Dateien gespeichert, von denen nur {1} hier sind; holen Sie die ganze Serie noch einmal</translation>
    </message>
    <message>
        <source>Its slices are numbered up to {0}, but {1} of these numbers are not here. Check that no part of the patient is missing.</source>
        <translation>Ihre Schichten sind bis {0} nummeriert, aber {1} dieser Nummern sind nicht hier. Prüfen Sie, ob ein Teil des Patienten fehlt.</translation>
    </message>
    <message>
        <source>Its header speaks of {0} images, but {1} are here. Check that no part of the patient is missing.</source>
        <translation>Laut Header hat sie {0} Bilder, hier sind aber {1}. Prüfen Sie, ob ein Teil des Patienten fehlt.</translation>
    </message>
    <message>
        <source>its slices name different patients</source>
        <translation>ihre Schichten nennen verschiedene Patienten</translation>
    </message>
    <message>
        <source>its slices are not of one size: {0} by {1} and {2} by {3} pixels</source>
        <translation>ihre Schichten sind nicht gleich groß: {0} mal {1} und {2} mal {3} Pixel</translation>
    </message>
    <message>
        <source>its pixels are not of one size: {0:g} by {1:g} and {2:g} by {3:g} mm</source>
        <translation>ihre Pixel sind nicht gleich groß: {0:g} mal {1:g} und {2:g} mal {3:g} mm</translation>
    </message>
    <message>
        <source>its slices are turned against each other</source>
        <translation>ihre Schichten sind gegeneinander gedreht</translation>
    </message>
    <message>
        <source>its slices are of several reconstructions</source>
        <translation>ihre Schichten stammen aus mehreren Rekonstruktionen</translation>
    </message>
    <message>
        <source>{0} ({1})</source>
        <translation>{0} ({1})</translation>
    </message>
    <message>
        <source>Other stacks of the same series hold more of the patient than this one.</source>
        <translation>Andere Stapel derselben Serie enthalten mehr vom Patienten als dieser.</translation>
    </message>
    <message>
        <source>Another series goes on where this one ends, as if the two were one scan.</source>
        <translation>Eine andere Serie geht dort weiter, wo diese endet, als wären beide eine Aufnahme.</translation>
    </message>
    <message>
        <source>its voxels have a type that cannot be read ({0})</source>
        <translation>seine Voxel haben einen Zahlentyp, der nicht gelesen werden kann ({0})</translation>
    </message>
    <message>
        <source>it does not say how large its voxels are</source>
        <translation>es sagt nicht, wie groß seine Voxel sind</translation>
    </message>
    <message>
        <source>its header contradicts itself: the directions of its axes are not of length 1</source>
        <translation>sein Header widerspricht sich: Die Richtungen seiner Achsen haben nicht die Länge 1</translation>
    </message>
    <message>
        <source>The file says in two ways how its axes run, which disagree (TransformMatrix and AnatomicalOrientation {0}); the matrix was used. Check left and right.</source>
        <translation>Die Datei gibt auf zwei Weisen an, wie ihre Achsen verlaufen, die sich widersprechen (TransformMatrix und AnatomicalOrientation {0}); verwendet wurde die Matrix. Prüfen Sie links und rechts.</translation>
    </message>
    <message>
        <source>it is an Analyze file, which does not tell left from right, or one half of a pair of files; convert it to NIfTI</source>
        <translation>es ist eine Analyze-Datei, die links und rechts nicht unterscheidet, oder eine Hälfte eines Dateipaars; wandeln Sie es in NIfTI um</translation>
    </message>
    <message>
        <source>its header contradicts itself: it states {0} bits per voxel, but their type has {1}</source>
        <translation>sein Header widerspricht sich: Er gibt {0} Bit je Voxel an, ihr Zahlentyp hat {1}</translation>
    </message>
    <message>
        <source>its values have an implausible scale factor of {0:g}</source>
        <translation>seine Werte haben einen unplausiblen Skalierungsfaktor von {0:g}</translation>
    </message>
    <message>
        <source>The file says in two ways where it lies in the patient, which are up to {0:.0f} mm apart (qform and sform); the qform was used. Check left and right.</source>
        <translation>Die Datei gibt ihre Lage im Patienten auf zwei Weisen an, die bis zu {0:.0f} mm auseinanderliegen (qform und sform); verwendet wurde die qform. Prüfen Sie links und rechts.</translation>
    </message>
    <message>
        <source>The file says in two ways how large its voxels are, which disagree (pixdim and sform); the sform was used. Check the result.</source>
        <translation>Die Datei gibt die Größe ihrer Voxel auf zwei Weisen an, die sich widersprechen (pixdim und sform); verwendet wurde die sform. Prüfen Sie das Ergebnis.</translation>
    </message>
    <message>
        <source>The file says in two ways where it lies in the patient, one of which is impossible ({0}); the other was used.</source>
        <translation>Die Datei gibt ihre Lage im Patienten auf zwei Weisen an, von denen eine nicht möglich ist ({0}); verwendet wurde die andere.</translation>
    </message>
    <message>
        <source>its header contradicts itself: it counts packed voxels from their end</source>
        <translation>sein Header widerspricht sich: Er zählt komprimierte Voxel vom Ende her</translation>
    </message>
    <message>
        <source>its voxels are compressed in a way that cannot be read ({0}); save it as raw or gzip</source>
        <translation>seine Voxel sind auf eine Weise komprimiert, die nicht gelesen werden kann ({0}); speichern Sie es als raw oder gzip</translation>
    </message>
    <message>
        <source>its header does not say in which order its bytes are</source>
        <translation>sein Header sagt nicht, in welcher Reihenfolge seine Bytes stehen</translation>
    </message>
    <message>
        <source>The file does not say where in the scanner its first voxel lies; it was taken to lie at its centre.</source>
        <translation>Die Datei sagt nicht, wo im Gerät ihr erstes Voxel liegt; angenommen wurde die Mitte.</translation>
    </message>
    <message>
        <source>its header states fewer voxels than the file contains</source>
        <translation>sein Header nennt weniger Voxel, als die Datei enthält</translation>
    </message>
    <message>
        <source>its lengths are in a unit that is not known</source>
        <translation>seine Längen haben eine unbekannte Einheit</translation>
    </message>
    <message>
        <source>its voxels are said to be in {0}, which is no file</source>
        <translation>seine Voxel sollen in {0} liegen, was keine Datei ist</translation>
    </message>
    <message>
        <source>its header contradicts itself: it says twice what {0} is</source>
        <translation>sein Header widerspricht sich: Er gibt {0} zweimal verschieden an</translation>
    </message>
    <message>
        <source>{0} of {1} slices, such as the file {2}, have an intercept of their own, with which they contain neither air nor fat. Export the series again.</source>
        <translation>{0} von {1} Schichten, etwa die Datei {2}, haben einen eigenen Achsenabschnitt (Intercept), mit dem sie weder Luft noch Fett enthalten. Exportieren Sie die Serie noch einmal.</translation>
    </message>
    <message>
        <source>Named by the user.</source>
        <translation>Vom Benutzer benannt.</translation>
    </message>
    <message>
        <source>Nothing of some vertebrae is in the mask (counted from the head: {0}). They are counted, so that the others keep their names. Check this.</source>
        <translation>Von einigen Wirbeln (vom Kopf aus gezählt: {0}) ist nichts in der Maske. Sie zählen mit, damit die anderen ihre Namen behalten. Bitte prüfen.</translation>
    </message>
    <message>
        <source>{0} holds no vertebrae of this mask.</source>
        <translation>{0} enthält keine Wirbel dieser Maske.</translation>
    </message>
    <message>
        <source>The names given do not fit and were ignored. {0}</source>
        <translation>Die angegebenen Namen passen nicht und wurden nicht verwendet. {0}</translation>
    </message>
    <message>
        <source>These names mean a thirteenth thoracic vertebra (T13).</source>
        <translation>Diese Namen bedeuten einen dreizehnten Brustwirbel (T13).</translation>
    </message>
    <message>
        <source>These names mean a sixth lumbar vertebra (L6).</source>
        <translation>Diese Namen bedeuten einen sechsten Lendenwirbel (L6).</translation>
    </message>
    <message>
        <source>These names leave out T12: eleven thoracic vertebrae.</source>
        <translation>Diese Namen lassen T12 aus: elf Brustwirbel.</translation>
    </message>
    <message>
        <source>Skull and sacrum are in view.</source>
        <translation>Schädel und Kreuzbein sind im Bild.</translation>
    </message>
    <message>
        <source>Skull and sacrum are in view, but there are not as many vertebrae between them as most people have: they are counted up from L5.</source>
        <translation>Schädel und Kreuzbein sind im Bild, aber dazwischen liegen nicht so viele Wirbel wie bei den meisten Menschen: Gezählt wird von L5 aufwärts.</translation>
    </message>
    <message>
        <source>The sacrum is in view: the vertebra above it is taken for L5.</source>
        <translation>Das Kreuzbein ist im Bild: Der Wirbel darüber wird für L5 gehalten.</translation>
    </message>
    <message>
        <source>The base of the skull is in view, and the first vertebra is as high as atlas and axis together: it is taken for C2 with C1.</source>
        <translation>Die Schädelbasis ist im Bild, und der erste Wirbel ist so hoch wie Atlas und Axis zusammen: Er wird für C2 mit C1 gehalten.</translation>
    </message>
    <message>
        <source>The base of the skull is in view: the first vertebra is taken for C1.</source>
        <translation>Die Schädelbasis ist im Bild: Der erste Wirbel wird für C1 gehalten.</translation>
    </message>
    <message>
        <source>The lowest vertebra has other bone close behind it, as L5 has: it is taken for L5.</source>
        <translation>Dicht hinter dem untersten Wirbel liegt anderer Knochen, wie hinter L5: Er wird für L5 gehalten.</translation>
    </message>
    <message>
        <source>{0}/{1}</source>
        <translation>{0}/{1}</translation>
    </message>
    <message>
        <source>No disc was seen between some vertebrae (counted from the head: {0}); the border there is a guess from the heights of their neighbours. Check it.</source>
        <translation>Zwischen einigen Wirbeln (vom Kopf aus gezählt: {0}) war keine Bandscheibe zu sehen; die Grenze dort ist aus der Höhe der Nachbarwirbel geschätzt. Bitte prüfen.</translation>
    </message>
    <message>
        <source>At the head end, the mask is so thin over {0} mm that no vertebrae were looked for there; the first one includes it. Check it.</source>
        <translation>Am Kopfende ist die Maske auf {0} mm so dünn, dass dort keine Wirbel gesucht wurden; der erste schließt diesen Teil ein. Bitte prüfen.</translation>
    </message>
    <message>
        <source>At the foot end, the mask is so thin over {0} mm that no vertebrae were looked for there; the last one includes it. Check it.</source>
        <translation>Am Fußende ist die Maske auf {0} mm so dünn, dass dort keine Wirbel gesucht wurden; der letzte schließt diesen Teil ein. Bitte prüfen.</translation>
    </message>
    <message>
        <source>There are {0} vertebrae, and {1} names another. Check the count.</source>
        <translation>Es sind {0} Wirbel, und {1} benennt einen anderen. Bitte nachzählen.</translation>
    </message>
    <message>
        <source>{0} vertebrae cannot be named by {1}: there would be some above C1 or below L6, or two names contradict each other. Check the count.</source>
        <translation>{0} Wirbel lassen sich mit {1} nicht benennen: Einige lägen über C1 oder unter L6, oder zwei Namen widersprechen sich. Bitte nachzählen.</translation>
    </message>
    <message>
        <source>for comparison only</source>
        <translation>nur zum Vergleich</translation>
    </message>
    <message>
        <source>commercial use allowed</source>
        <translation>kommerzielle Nutzung erlaubt</translation>
    </message>
    <message>
        <source>not for commercial use</source>
        <translation>nicht für kommerzielle Nutzung</translation>
    </message>
    <message>
        <source>{0} {1}: Dice {2:.3f}, time × {3:.1f}, {4}</source>
        <translation>{0} {1}: Dice {2:.3f}, Zeit × {3:.1f}, {4}</translation>
    </message>
    <message>
        <source>Volume (mL)</source>
        <translation>Volumen (ml)</translation>
    </message>
    <message>
        <source>Length (mm)</source>
        <translation>Länge (mm)</translation>
    </message>
    <message>
        <source>Extent left to right (mm)</source>
        <translation>Ausdehnung links nach rechts (mm)</translation>
    </message>
    <message>
        <source>Extent front to back (mm)</source>
        <translation>Ausdehnung vorn nach hinten (mm)</translation>
    </message>
    <message>
        <source>Extent head to foot (mm)</source>
        <translation>Ausdehnung Kopf nach Fuß (mm)</translation>
    </message>
    <message>
        <source>Mean (HU)</source>
        <translation>Mittelwert (HU)</translation>
    </message>
    <message>
        <source>Standard deviation (HU)</source>
        <translation>Standardabweichung (HU)</translation>
    </message>
    <message>
        <source>Corrected by hand</source>
        <translation>Von Hand korrigiert</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>Time (s)</source>
        <translation>Dauer (s)</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Localisation confidence (%)</source>
        <translation>Konfidenz der Lokalisation (%)</translation>
    </message>
    <message>
        <source>This is not a mask: its values are not whole numbers, like those of a probability map. Save it as a mask first.</source>
        <translation>Das ist keine Maske: Die Werte sind keine ganzen Zahlen, wie bei einer Wahrscheinlichkeitskarte. Speichern Sie sie erst als Maske.</translation>
    </message>
    <message>
        <source>This is not a mask: it contains values below 0, like a CT. Choose a mask.</source>
        <translation>Das ist keine Maske: Die Datei enthält Werte unter 0, wie ein CT. Wählen Sie eine Maske.</translation>
    </message>
    <message>
        <source>This is not a mask: it contains more than {0} different values, like a picture. Choose a mask.</source>
        <translation>Das ist keine Maske: Die Datei enthält mehr als {0} verschiedene Werte, wie ein Bild. Wählen Sie eine Maske.</translation>
    </message>
    <message>
        <source>The segmentation says that it was made of another series. It lies on the same grid, and was taken. Check that it is of this patient.</source>
        <translation>Die Segmentierung gibt an, aus einer anderen Serie zu stammen. Sie liegt auf demselben Raster und wurde übernommen. Prüfen Sie, ob sie zu diesem Patienten gehört.</translation>
    </message>
    <message>
        <source>This is not a map of vertebrae: its numbers are too high.</source>
        <translation>Dies ist keine Karte von Wirbeln: Ihre Nummern sind zu hoch.</translation>
    </message>
    <message>
        <source>This is a folder of {0} files. Choose the file of a mask.</source>
        <translation>Das ist ein Ordner mit {0} Dateien. Wählen Sie die Datei einer Maske.</translation>
    </message>
    <message>
        <source>{0} is not a readable mask. Choose a NIfTI, NRRD or MHA file or a DICOM segmentation.</source>
        <translation>{0} ist keine lesbare Maske. Wählen Sie eine NIfTI-, NRRD- oder MHA-Datei oder eine DICOM-Segmentierung.</translation>
    </message>
    <message>
        <source>This mask cannot be used: its axes are skewed. Bring it onto the straight grid of the image first.</source>
        <translation>Diese Maske kann nicht verwendet werden: Ihre Achsen sind schief. Bringen Sie sie erst auf das gerade Raster des Bildes.</translation>
    </message>
    <message>
        <source>The mask is empty.</source>
        <translation>Die Maske ist leer.</translation>
    </message>
    <message>
        <source>The file tells {0} structures apart; all of them were taken as spine.</source>
        <translation>Die Datei unterscheidet {0} Strukturen; alle wurden als Wirbelsäule übernommen.</translation>
    </message>
    <message>
        <source>The mask covers a part of the image; elsewhere there is no spine in it.</source>
        <translation>Die Maske deckt nur einen Teil des Bildes ab; außerhalb enthält sie keine Wirbelsäule.</translation>
    </message>
    <message>
        <source>The mask lies up to {0:.2f} mm beside the voxels of the image; each of its voxels was taken for the nearest one.</source>
        <translation>Die Maske liegt bis zu {0:.2f} mm neben den Voxeln des Bildes; jedes ihrer Voxel wurde dem nächsten zugeordnet.</translation>
    </message>
    <message>
        <source>it has {0:g} × {1:g} × {2:g} voxels instead of {3:g} × {4:g} × {5:g}</source>
        <translation>sie hat {0:g} × {1:g} × {2:g} Voxel statt {3:g} × {4:g} × {5:g}</translation>
    </message>
    <message>
        <source>its voxels are {0:.3f} × {1:.3f} × {2:.3f} mm large instead of {3:.3f} × {4:.3f} × {5:.3f} mm</source>
        <translation>ihre Voxel sind {0:.3f} × {1:.3f} × {2:.3f} mm groß statt {3:.3f} × {4:.3f} × {5:.3f} mm</translation>
    </message>
    <message>
        <source>its axes run in other directions, {0:.1f}° away</source>
        <translation>ihre Achsen verlaufen in andere Richtungen, um {0:.1f}° gedreht</translation>
    </message>
    <message>
        <source>it lies {0:.1f} mm away</source>
        <translation>sie liegt {0:.1f} mm entfernt</translation>
    </message>
    <message>
        <source>it lies between the image&apos;s voxels</source>
        <translation>sie liegt zwischen den Voxeln des Bildes</translation>
    </message>
    <message>
        <source>it reaches beyond the image</source>
        <translation>sie reicht über das Bild hinaus</translation>
    </message>
    <message>
        <source>This mask does not lie on the grid of the image: {0}. Choose the mask of this image, or bring it onto the image&apos;s grid first.</source>
        <translation>Diese Maske liegt nicht auf dem Raster des Bildes: {0}. Wählen Sie die Maske dieses Bildes oder bringen Sie sie erst auf sein Raster.</translation>
    </message>
    <message>
        <source>There is no vertebra on that side to merge it with.</source>
        <translation>Auf dieser Seite ist kein Wirbel, mit dem er sich verbinden ließe.</translation>
    </message>
    <message>
        <source>This vertebra cannot be split.</source>
        <translation>Dieser Wirbel lässt sich nicht teilen.</translation>
    </message>
    <message>
        <source>The plane at the crosshair does not cut this vertebra. Move the crosshair.</source>
        <translation>Die Ebene am Fadenkreuz schneidet diesen Wirbel nicht. Verschieben Sie das Fadenkreuz.</translation>
    </message>
    <message>
        <source>There is no vertebra at the crosshair.</source>
        <translation>Am Fadenkreuz ist kein Wirbel.</translation>
    </message>
    <message>
        <source>There is no neighbour on that side.</source>
        <translation>Auf dieser Seite ist kein Nachbar.</translation>
    </message>
    <message>
        <source>This vertebra is all one piece. Split it at the crosshair, then merge the part with its neighbour.</source>
        <translation>Dieser Wirbel hängt ganz zusammen. Teilen Sie ihn am Fadenkreuz und verbinden Sie den Teil dann mit dem Nachbarn.</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>no spine found</source>
        <translation>keine Wirbelsäule gefunden</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>not run</source>
        <translation>nicht gelaufen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>No spine was found, so there is no surface to write. Choose a format other than STL.</source>
        <translation>Es wurde keine Wirbelsäule gefunden, also gibt es keine Oberfläche. Wählen Sie ein anderes Format als STL.</translation>
    </message>
    <message>
        <source>{0} is an input, and a result would replace it. Choose another folder for the results.</source>
        <translation>{0} ist eine Eingabe, und ein Ergebnis würde es ersetzen. Wählen Sie einen anderen Ordner für die Ergebnisse.</translation>
    </message>
    <message>
        <source>The model left {0:.1f} mL inside vertebrae empty; they were filled. Check the scan there.</source>
        <translation>Das Modell ließ {0:.1f} mL im Inneren von Wirbeln leer; sie wurden gefüllt. Prüfen Sie die Aufnahme dort.</translation>
    </message>
</context>
</TS>
