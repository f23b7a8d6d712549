"""The legal forms of companies, as they are written beside a name. A table."""

from __future__ import annotations

# Grouped by where they come from; several words make one entry, entries are parted by semicolons.
# Dots, case, accents and "&" for "and" do not matter: the reader of this table folds them away.

# Nothing else is called so: a legal form wherever it stands, "Hello Oy World" included.
ANYWHERE = """
    Inc; Incorporated; Corp; Corporation; Ltd; L.L.C.; P.L.L.C.; L.L.P.; L.L.L.P.; P.L.C.; Ltd Co; Co Ltd;
    Company Limited; Limited Company; Limited Liability Company; Limited Liability Partnership;
    Public Limited Company; Unltd; Ultd; U.L.C.; Ltée; Limitée; C.I.C.;
    Pty; Pty Ltd; Pty Limited; Proprietary Limited; Pte; Pte Ltd; Pvt; Pvt Ltd; Pvt Limited; Private Limited;
    Sdn Bhd; Bhd; Berhad; Sendirian Berhad;
    GmbH; gGmbH; mbH; GmbH & Co. KG; GmbH & Co. KGaA; GmbH & Co. OHG; GmbH Co KG; AG & Co. KG; AG & Co. KGaA;
    UG & Co. KG; SE & Co. KG; SE & Co. KGaA; & Co. KG; & Co. KGaA; & Co. OHG; Co. KG;
    UG (haftungsbeschränkt); haftungsbeschränkt; AG; KG; KGaA; OHG; UG; GbR; GesbR; PartG; PartGmbB; PartG mbB;
    e.Kfm; e.Kfr; Ges.m.b.H.; Ges mbH; Aktiengesellschaft; Kommanditgesellschaft; Gesellschaft mit beschränkter Haftung;
    eingetragener Verein; eingetragene Genossenschaft;
    S.A.R.L.; S.à r.l.; S. à r. l.; E.U.R.L.; S.A.S.U.; S.E.L.A.R.L.; S.N.C.; S.I.C.A.V.; SGPS;
    Société anonyme; Société à responsabilité limitée; Société par actions simplifiée;
    B.V.; N.V.; V.O.F.; B.V.B.A.; C.V.B.A.; S.P.R.L.; S.C.R.L.; V.Z.W.; A.S.B.L.; Besloten Vennootschap;
    Naamloze Vennootschap; S.A.G.L.;
    S.r.l.s.; S.r.l.; S.a.p.A.; S.c.a.r.l.; S.c.r.l.; S.c.p.A.; Società per azioni;
    Società a responsabilità limitata; Società cooperativa;
    S.L.U.; S.L.L.; S.L.N.E.; Sociedad Anónima; Sociedad Limitada; Sociedad de Responsabilidad Limitada;
    S.A. de C.V.; S.A.B. de C.V.; S. de R.L. de C.V.; S. de R.L.; S.A.P.I. de C.V.; S.A.P.I.; S.R.L. de C.V.;
    S.C. de R.L.; S. en C.; S. en N.C.; S.A.A.; E.I.R.L.; Cía. Ltda.; & Cía. Ltda.; C. por A.;
    Lda; Ltda; Limitada; Unipessoal Lda; EIRELI; S/S Ltda; Sociedade Anónima;
    Oy; Oyj; Ab Oy; Oy Ab; As Oy; Osakeyhtiö; Tmi; T:mi; AB; AB (publ); publ; Aktiebolag; Aktiebolaget;
    Handelsbolag; Kommanditbolag; ApS; A.S.A.; Aktieselskab; Anpartsselskab; Aksjeselskap; A.m.b.A.; F.m.b.A.;
    S.m.b.A.; K/S; N.U.F.; ehf; ohf; slhf;
    Osaühing; Aktsiaselts; MTÜ; SIA; UAB; MB UAB; Uždaroji akcinė bendrovė;
    Sp. z o.o.; Sp z oo; Sp. zoo; Spółka z o.o.; Spółka z oo; Spółka zoo; Sp. z o.o. sp. k.; Sp. z o.o. S.K.A.;
    Spółka z ograniczoną odpowiedzialnością; Spółka akcyjna; Spółka komandytowa; Spółka jawna; Spółka cywilna;
    Sp. j.; Sp. k.; Sp. p.; S.K.A.; Prosta spółka akcyjna;
    s.r.o.; s. r. o.; spol. s r.o.; spol s.r.o.; spoločnosť s ručením obmedzeným; akc. spol.; akciová společnost;
    a spol.; & spol.; kom. spol.; veř. obch. spol.; v.o.s.; Kft; Nyrt; Zrt; Kht; Kkt;
    Korlátolt Felelősségű Társaság; d.o.o.; d.o.o.e.l.; j.d.o.o.; d.n.o.; e.a.d.; EOOD; OOD; ЕООД; ООД; ЕАД;
    sh.p.k.; sh.a.; S.C.S.; P.F.A.; ДООЕЛ; ДОО;
    Α.Ε.; Ε.Π.Ε.; Ι.Κ.Ε.; Ο.Ε.; Ε.Ε.; A.E.B.E.; E.P.E.; M.E.P.E.;
    3AO; 3AT; ООО; ОАО; ЗАО; ПАО; АО; НАО; ТОО; ИП; ФГУП; ГУП; МУП; ТОВ; ПАТ; ПрАТ; ВАТ; ЗАТ; ФОП; ПП; ТДВ; ААТ; ЗАТ; ТАА;
    OOO; OAO; ZAO; PAO; PrAT; MChJ; QMJ; YoAJ; OAJ; XXK; ХХК; ТӨХК;
    Anonim Şirketi; Limited Şirketi; Ltd. Şti.; Şti; San. ve Tic. A.Ş.; San. ve Tic. Ltd. Şti.; Koop;
    Kabushiki Kaisha; Godo Kaisha; Yugen Kaisha; 株式会社; 有限会社; 合同会社; 有限公司; 股份有限公司;
    有限责任公司; 주식회사; 유한회사; Co., Ltd.; Public Company Limited; PCL; Tbk; PT Tbk; JSC; PJSC; OJSC; CJSC;
    CTCP; TNHH; Công ty TNHH; Công ty cổ phần; FZE; FZCO; FZ-LLC; FZ LLC; DMCC; W.L.L.; K.S.C.; K.S.C.P.;
    Q.P.S.C.; S.A.O.G.; S.A.O.C.; S.A.E.; S.A.R.L.U.; בע״מ; בע"מ; ش.م.م; ش.م.ل; ذ.م.م; (Pty) Ltd; RF NPC; NPC;
    Proprietary; GIE; OPC; LLC OPC
"""

# Short, or a word of some language as well: a legal form before the name or behind it.
AT_EITHER_END = """
    OÜ; A/S; AS; A.S.; A.Ş.; S.A.; S/A; SE; S.E.; S.A.S.; PT; CV; C.V.; UD; S.L.; Kf; TOV; Hf; Sf; HB; KB; KS;
    MB; IK; АД; ЕТ; АТ; OE; TAA; P.P.; Perseroan Terbatas; Firma; Zavod; Spol; Soc. Coop.; Coop.; S. Coop.
"""

# Words that begin other names too ("Spa Resort", "Company of Two"): a legal form behind the name alone.
AT_THE_END = """
    Co; Company; Limited; I.K.E.; C.I.O.; S.C.O.P.; S.A.U.; S.A.C.; P.S.A.; B.S.C.; Bt; P/S; S.A.L.; Ans;
    Unlimited; S.p.A.; L.P.; G.P.; P.C.; P.A.; N.L.; e.V.; e.K.; e.G.; eG; e.U.; eGen; O.G.;
    S.C.; S.C.A.; S.S.; S.n.c.; Cie; Cía; Cia; ETAT; d.b.a.; N.A.; E.P.; E.I.; C.A.; S.G.R.; S.A.D.; S.C.C.L.; C.R.L.; L3C;
    P.B.C.; Pbc; GmbHG; Teo; Teoranta; CPT; D.A.C.; C.L.G.; Private; Proprietorship; K.K.; G.K.; B.M.; ESV; CVOA; StG; ADSITz; Gte; K.D.A.;
    O.V.E.E.; RhF; IKS; FKF; K.v.; S.E.P.; S.E.M.; S.C.E.; PSU; PSE; PEEC; Ent.; SoGePa; F.C.P.; I.K.; d.d.;
    a.d.; k.d.; o.d.; Ky; Ay; B.A.; D.A.; s.p.;
    & Co; & Company; & Cie; und Co; und Partner mbB; et Cie; y Cía; e Cia; og Co; och Co; et Co; und Cie
"""

# Written onto the name in a domain: "acmecorp". Long enough that few other words end so.
GLUED = (
    "corporation",
    "incorporated",
    "limited",
    "corp",
    "gmbh",
    "inc",
    "ltd",
    "llc",
    "llp",
    "plc",
    "pty",
    "sarl",
    "srl",
)
